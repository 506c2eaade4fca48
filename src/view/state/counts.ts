import type { SparseHistogram } from '../../base/histogram.ts'
import { sanitize } from '../../base/sanitize.ts'
import type { LoadFrame } from '../../recording/entry.ts'
import { addSparse } from './add-sparse.ts'

export type CountsBy = Readonly<Record<string, number>>

/** What load frames add up to. */
export interface Counts {
  readonly due: number
  readonly sent: number
  readonly notSent: CountsBy
  readonly late: number
  /** Requests that ended, by outcome. */
  readonly outcomes: CountsBy
  /** Answers by HTTP status, whatever the outcome. */
  readonly statuses: CountsBy
  /** Response times of what was answered. */
  readonly responseTime: SparseHistogram
  readonly sendLag: SparseHistogram
  /** The longest absence of any load thread's event loop. */
  readonly loopDelayUs: number
}

export const NO_COUNTS: Counts = {
  due: 0,
  sent: 0,
  notSent: {},
  late: 0,
  outcomes: {},
  statuses: {},
  responseTime: [],
  sendLag: [],
  loopDelayUs: 0,
}

/** Counts with a frame added. */
export function addFrame(counts: Counts, frame: LoadFrame): Counts {
  const ended = [frame.ended.new, frame.ended.reused]
  return {
    due: counts.due + frame.due,
    sent: counts.sent + frame.sent,
    notSent: addCounts(counts.notSent, frame.notSent),
    late: counts.late + frame.late,
    outcomes: ended.reduce((sum, { outcomes }) => addCounts(sum, outcomes), counts.outcomes),
    statuses: ended.reduce((sum, { statuses }) => addCounts(sum, statuses), counts.statuses),
    responseTime: ended.reduce(
      (sum, { responseTime }) => addSparse(sum, responseTime),
      counts.responseTime,
    ),
    sendLag: addSparse(counts.sendLag, frame.sendLag),
    loopDelayUs: Math.max(counts.loopDelayUs, frame.loopDelayUs),
  }
}

function addCounts(sums: CountsBy, counts: CountsBy): CountsBy {
  const entries = Object.entries(counts)
  if (entries.length === 0) return sums
  const added: Record<string, number> = { ...sums }
  for (const [name, count] of entries) {
    const safe = sanitize(name, 40)
    added[safe] = (added[safe] ?? 0) + count
  }
  return added
}

/** Requests that ended in failure: every outcome but ok and cut off. */
export const failedOf = (outcomes: CountsBy): number =>
  Object.entries(outcomes).reduce(
    (sum, [outcome, count]) => (outcome === 'ok' || outcome === 'cut-off' ? sum : sum + count),
    0,
  )
