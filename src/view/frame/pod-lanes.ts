import { humanUs, plural } from '../../base/units.ts'
import type { PodCondition, PodLane } from '../state/pod-lane.ts'
import type { ViewState } from '../view-state.ts'
import { cutStart, left, type Line, type Piece, piece, type Tone } from './line.ts'
import { columnOf, reachedColumns, type TimeWindow } from './time-window.ts'

interface Look {
  readonly sign: string
  readonly tone: Tone
}

const CONDITIONS: Readonly<Record<PodCondition, Look>> = {
  pending: { sign: '·', tone: 'dim' },
  running: { sign: '╌', tone: 'dim' },
  ready: { sign: '━', tone: 'good' },
  ending: { sign: '▒', tone: 'warn' },
  exited: { sign: '.', tone: 'dim' },
  gone: { sign: ' ', tone: 'dim' },
}

/** What the signs of the lanes mean, for the help. */
export const LANE_SIGNS: readonly (readonly [string, string])[] = [
  ['·', 'Pending'],
  ['╌', 'running, not ready'],
  ['━', 'ready'],
  ['D', 'deletion seen'],
  ['K', 'Killing'],
  ['▒', 'deleted, still running'],
  ['0', 'exited with 0; X with another code'],
  ['!', 'a request failed on it'],
]

/** At most so many lanes, one a line; what does not fit is counted in the last. */
export function podLaneLines(
  state: ViewState,
  window: TimeWindow,
  room: { readonly lines: number; readonly name: number; readonly status: number },
): readonly Line[] {
  const pods = [...state.pods.values()].filter((pod) => isShown(pod, window))
  const fits = pods.length <= room.lines
  const shown = fits ? pods : mostRecent(pods, room.lines - 1)
  const lines = shown.map((pod): Line => [
    piece(left(cutStart(pod.name, room.name), room.name + 1), pod.failed > 0 ? 'bad' : 'plain'),
    ...laneOf(pod, window, state.nowUs),
    ...(room.status > 0 ? [piece(` ${statusOf(pod, state.nowUs)}`, 'dim')] : []),
  ])
  if (fits || room.lines === 0) return lines.slice(0, room.lines)
  return [...lines, [piece(`+ ${plural(pods.length - shown.length, 'pod')} more`, 'dim')]]
}

/** Lanes that there are to draw. */
export const laneCount = (state: ViewState, window: TimeWindow): number =>
  [...state.pods.values()].filter((pod) => isShown(pod, window)).length

const isShown = ({ goneUs }: PodLane, { fromUs }: TimeWindow): boolean =>
  goneUs === undefined || goneUs >= fromUs

/** The pods that changed last, in the order in which they came. */
function mostRecent(pods: readonly PodLane[], count: number): readonly PodLane[] {
  const lastChange = (pod: PodLane) =>
    Math.max(pod.spans.at(-1)?.fromUs ?? 0, pod.killingUs ?? 0, pod.failedAtUs.at(-1) ?? 0)
  const chosen = new Set(
    pods.toSorted((one, other) => lastChange(other) - lastChange(one)).slice(0, Math.max(0, count)),
  )
  return pods.filter((pod) => chosen.has(pod))
}

function laneOf(pod: PodLane, window: TimeWindow, nowUs: number): readonly Piece[] {
  const reached = reachedColumns(window, nowUs)
  const looks = Array.from({ length: reached }, (_, column) => conditionAt(pod, window, column))
  const mark = (atUs: number | undefined, look: Look) => {
    const column = atUs === undefined ? -1 : columnOf(window, atUs)
    if (column >= 0 && column < reached) looks[column] = look
  }
  mark(pod.killingUs, { sign: 'K', tone: 'warn' })
  mark(pod.deletedUs, { sign: 'D', tone: 'warn' })
  const isClean = (pod.exitCode ?? 0) === 0
  mark(pod.exitedUs, isClean ? { sign: '0', tone: 'dim' } : { sign: 'X', tone: 'bad' })
  for (const atUs of pod.failedAtUs) mark(atUs, { sign: '!', tone: 'bad' })
  const blanks = window.columns - reached
  return [...joined(looks), ...(blanks > 0 ? [piece(' '.repeat(blanks))] : [])]
}

/** What a pod was at the end of a column. */
function conditionAt({ spans }: PodLane, window: TimeWindow, column: number): Look {
  const endUs = window.fromUs + (column + 1) * window.columnUs
  const span = spans.findLast(({ fromUs }) => fromUs < endUs)
  return span ? CONDITIONS[span.condition] : CONDITIONS.gone
}

function joined(looks: readonly Look[]): Piece[] {
  const pieces: { text: string; tone: Tone }[] = []
  for (const { sign, tone } of looks) {
    const last = pieces.at(-1)
    if (last?.tone === tone) last.text += sign
    else pieces.push({ text: sign, tone })
  }
  return pieces
}

function statusOf(pod: PodLane, nowUs: number): string {
  if (pod.goneUs !== undefined) return 'gone'
  if (pod.exitedUs !== undefined) return `exit ${pod.exitCode ?? '?'}`
  if (pod.deletedUs !== undefined) return `ending ${humanUs(nowUs - pod.deletedUs)}`
  return pod.isReady ? 'ready' : (pod.spans.at(-1)?.condition ?? '')
}
