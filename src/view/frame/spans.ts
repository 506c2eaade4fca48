import { US_PER_SECOND } from '../../base/units.ts'
import type { Second } from '../state/second.ts'
import type { ViewState } from '../view-state.ts'

/** The latest so many seconds, the one that is being filled among them. */
export const lastSeconds = ({ seconds }: ViewState, count: number): readonly Second[] =>
  seconds.slice(-count)

/** The latest second that is over. */
export function lastSecond({ seconds, nowUs }: ViewState): readonly Second[] {
  const open = Math.floor(nowUs / US_PER_SECOND)
  const last = Math.min(open, seconds.length) - 1
  return last >= 0 ? seconds.slice(last, last + 1) : []
}
