import { humanCount, humanUs } from '../../base/units.ts'
import type { ViewKeys } from '../view-keys.ts'
import type { ViewState } from '../view-state.ts'
import { COUNTS_WIDTH, countsBlock } from './counts-block.ts'
import { headerLine } from './header-line.ts'
import { clusterLine, healthLine, hostLine } from './health-line.ts'
import { helpLines } from './help-lines.ts'
import { beside, cutLine, left, type Line, piece } from './line.ts'
import { noticeLines } from './notice-lines.ts'
import { networkBlock, statusBlock } from './outcome-block.ts'
import { laneCount, podLaneLines } from './pod-lanes.ts'
import { columnValues, sparkline } from './sparkline.ts'
import { stepsBlock, stepsLine } from './steps-block.ts'
import { stopLines } from './stop-lines.ts'
import { tagBlock } from './tag-block.ts'
import { axisLine, fittingScale, SCALES_US, timeWindow, type TimeWindow } from './time-window.ts'

export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** From so many columns on the tables stand side by side, and lanes say what their pod is doing. */
const WIDE = 132
const LEAST_NOTICES = 2

/** Everything on the screen: one line less than it has, for some terminals scroll at the last; none too wide. */
export function frameLines(
  state: ViewState,
  keys: ViewKeys,
  { columns, rows }: ScreenSize,
): readonly Line[] {
  const room = Math.max(0, rows - 1)
  const foot = footLine(keys, state)
  const head = headerLine(state, columns, keys.frozen !== undefined)
  const body = keys.isHelpOpen
    ? helpLines(state)
    : bodyLines(state, keys, { columns, rows: room - 2 })
  const filled = Array.from({ length: Math.max(0, room - 2) }, (_, row) => body[row] ?? [])
  const shown = room < 3 ? [head] : [head, ...filled, foot]
  return shown.slice(0, room).map((line) => cutLine(line, columns))
}

function bodyLines(
  state: ViewState,
  keys: ViewKeys,
  { columns, rows }: ScreenSize,
): readonly Line[] {
  const isWide = columns >= WIDE
  if (state.isPodsOnly) return watchLines(state, keys, { columns, rows })
  const tables = isWide ? wideTables(state, columns) : narrowTables(state, columns)
  const fixed = [
    ...(isWide || state.isLoadAlone ? [] : [stepsLine(state)]),
    ...tables,
    healthLine(state),
    ...(state.isLoadAlone ? [hostLine(state)] : [clusterLine(state)]),
    ...stopLines(state),
  ]
  const names = isWide ? 24 : 12
  const status = isWide ? 14 : 0
  const plot = Math.max(1, columns - names - 1 - status)
  const window = timeWindow(state, plot, scaleOf(state, keys, plot))
  const chart = chartLines(state, window, names)
  const left = rows - fixed.length - chart.length
  if (left < 1) return [...fixed, ...chart]
  if (state.isLoadAlone) {
    const tags = isWide ? [] : tagBlock(state, columns, Math.max(0, left - LEAST_NOTICES))
    return [...fixed, ...chart, ...tags, ...noticeLines(state, left - tags.length)]
  }
  const lanesWanted = laneCount(state, window)
  const noticesAtLeast = Math.min(state.notices.length, LEAST_NOTICES, left)
  const laneRoom = Math.min(lanesWanted, left - noticesAtLeast)
  const lanes = podLaneLines(state, window, { lines: laneRoom, name: names, status })
  return [...fixed, ...chart, ...lanes, ...noticeLines(state, left - lanes.length)]
}

/** Pods alone: their number, the time axis, a lane for each, and what happened in the rest of the screen. */
function watchLines(
  state: ViewState,
  keys: ViewKeys,
  { columns, rows }: ScreenSize,
): readonly Line[] {
  const name = columns >= WIDE ? 40 : 20
  const status = 14
  const plot = Math.max(1, columns - name - 1 - status)
  const window = timeWindow(state, plot, scaleOf(state, keys, plot))
  const head: readonly Line[] = [
    clusterLine(state),
    [piece(left(`${humanUs(window.columnUs)}/col`, name + 1), 'dim'), ...axisLine(window)],
  ]
  const room = Math.max(0, rows - head.length)
  const notices = Math.min(state.notices.length, Math.max(LEAST_NOTICES, Math.floor(room / 2)))
  const lines = Math.min(laneCount(state, window), Math.max(0, room - notices))
  const lanes = podLaneLines(state, window, { lines, name, status })
  return [...head, ...lanes, ...noticeLines(state, room - lanes.length)]
}

const scaleOf = (state: ViewState, { zoom }: ViewKeys, columns: number): number =>
  Math.min(SCALES_US.length - 1, Math.max(0, fittingScale(state, columns) - zoom))

/** Counts beside the two tables, which stand one above the other. */
function narrowTables(state: ViewState, columns: number): readonly Line[] {
  const counts = countsBlock(state)
  const width = columns - COUNTS_WIDTH - 3
  if (width < 30) return counts
  const status = statusBlock(state, width, 4)
  const network = networkBlock(state, width, counts.length - status.length)
  const rule = counts.map((): Line => [piece(' │ ', 'dim')])
  return beside([
    { width: COUNTS_WIDTH, lines: counts },
    { width: 3, lines: rule },
    { width, lines: [...status, ...network] },
  ])
}

const TABLE_WIDTH = 42

function wideTables(state: ViewState, columns: number): readonly Line[] {
  const counts = countsBlock(state)
  const rule = counts.map((): Line => [piece(' │ ', 'dim')])
  const table = Math.min(TABLE_WIDTH, Math.floor((columns - COUNTS_WIDTH - 9) / 3))
  const rest = columns - COUNTS_WIDTH - 9 - 2 * table
  return beside([
    { width: COUNTS_WIDTH, lines: counts },
    { width: 3, lines: rule },
    { width: table, lines: statusBlock(state, table, counts.length) },
    { width: 3, lines: rule },
    { width: table, lines: networkBlock(state, table, counts.length) },
    { width: 3, lines: rule },
    {
      width: rest,
      lines: state.isLoadAlone
        ? tagBlock(state, rest, counts.length)
        : stepsBlock(state, counts.length),
    },
  ])
}

/** Rate and failures as bars, and the time axis that the lanes below share. */
function chartLines(state: ViewState, window: TimeWindow, names: number): readonly Line[] {
  const sent = columnValues(state, window, (slot) => slot.sent)
  const failed = columnValues(state, window, (slot) => slot.failed)
  const most = (values: readonly number[]) => humanCount(Math.max(0, ...values))
  const named = (name: string) => piece(left(name, names + 1), 'dim')
  return [
    [named(`${humanUs(window.columnUs)}/col`), ...axisLine(window)],
    [named(`sent ≤${most(sent)}/s`), piece(sparkline(sent), 'accent')],
    [
      named(`fail ≤${most(failed)}/s`),
      piece(sparkline(failed), failed.some((value) => value > 0) ? 'bad' : 'dim'),
    ],
  ]
}

function footLine(keys: ViewKeys, { isLoadAlone, isPodsOnly }: ViewState): Line {
  if (isPodsOnly) {
    if (keys.isStopping) return [piece('stopping …', 'warn')]
    return keys.isStopAsked
      ? [piece('Stop watching? Press x again; any other key goes on.', 'warn')]
      : [piece('? help  q leave  x stop  f freeze  + - time scale', 'dim')]
  }
  const putBack = isLoadAlone ? '' : ', everything is put back'
  if (keys.isStopping) return [piece(`stopping: the load ends${putBack} …`, 'warn')]
  if (keys.isStopAsked) {
    const what = isLoadAlone ? 'Stop the load?' : 'Stop the load and put everything back?'
    return [piece(`${what} Press x again; any other key goes on.`, 'warn')]
  }
  const stop = isLoadAlone ? 'x stop' : 'x stop and restore'
  return [piece(`? help  q leave  ${stop}  f freeze  + - time scale`, 'dim')]
}
