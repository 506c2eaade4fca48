import { US_PER_SECOND } from '../base/units.ts'
import type { Notice } from './notices.ts'
import type { RunView } from './run-view.ts'
import { plainTime, statusLine } from './status-line.ts'
import { EMPTY_VIEW, type ViewState, viewState } from './view-state.ts'

/** Load threads send their frames one after another; with this the frames of a second are all there. */
const FRAME_LAG_US = 100_000
/** A line waits at most this long for the second before it. */
const PATIENCE_US = 500_000

/** Shows a run as plain lines without escapes: one a second, and one for each thing that happens. */
export function startPlainView(write: (line: string) => void): RunView {
  return continuePlainView(write, EMPTY_VIEW)
}

/** Like {@link startPlainView}, from the middle of a run on. */
export function continuePlainView(write: (line: string) => void, from: ViewState): RunView {
  let state = from
  let atSecondEnd = from
  let secondsWritten = from.isLoadEnded ? from.seconds.length : secondOf(from)
  let lastNotice = from.notices.at(-1)
  let held: readonly Notice[] = []

  const writeLine = (line: string) => write(withoutCommands(line))
  const writeSeconds = (until: number) => {
    for (; secondsWritten < until; secondsWritten++) {
      writeNotices(Math.min((secondsWritten + 1) * US_PER_SECOND, state.nowUs))
      writeLine(statusLine(state, secondsWritten, atSecondEnd))
    }
  }
  const writeNotices = (untilUs: number) => {
    for (const { atUs, text } of held.filter((notice) => notice.atUs < untilUs)) {
      writeLine(`${plainTime(atUs)}  ${text}`)
    }
    held = held.filter((notice) => notice.atUs >= untilUs)
  }
  const writeDue = () => {
    const openUntilUs = (secondsWritten + 1) * US_PER_SECOND
    const isLate = state.nowUs > openUntilUs + PATIENCE_US
    writeNotices(state.seconds.length === 0 || isLate ? Infinity : openUntilUs)
  }
  const writeAll = () => {
    atSecondEnd = state
    writeSeconds(state.seconds.length)
    writeNotices(Infinity)
  }
  return {
    entry(entry) {
      if (entry.kind === 'frame')
        writeSeconds(Math.floor((entry.atUs - FRAME_LAG_US) / US_PER_SECOND))
      const next = viewState(state, entry)
      if (secondOf(next) > secondOf(state)) atSecondEnd = state
      state = next
      held = [...held, ...noticesAfter(state.notices, lastNotice)]
      lastNotice = state.notices.at(-1)
      if (state.isLoadEnded) writeAll()
      else writeDue()
    },
    close() {
      writeAll()
      return Promise.resolve()
    },
  }
}

const secondOf = ({ nowUs }: ViewState): number => Math.floor(nowUs / US_PER_SECOND)

const noticesAfter = (notices: readonly Notice[], last: Notice | undefined): readonly Notice[] =>
  last === undefined ? notices : notices.slice(notices.lastIndexOf(last) + 1)

/** Build servers take some texts anywhere in a log line for commands (`##[…]`, `##vso[…]`, `##teamcity[…]`). */
const withoutCommands = (line: string): string => line.replace(/##(?=\w*\[)/g, '# #')
