import type { Recording } from '../recording/recording.ts'
import type { Ledger } from './verdict.ts'

/** Adds the frames up and checks that nothing is missing: planned = sent + not sent, sent = outcomes. */
export function keepLedger(recording: Recording): Ledger {
  const notSent: Record<string, number> = {}
  const outcomes: Record<string, number> = {}
  let sent = 0
  for (const frame of recording.frames) {
    sent += frame.sent
    addTo(notSent, frame.notSent)
    addTo(outcomes, frame.ended.new.outcomes)
    addTo(outcomes, frame.ended.reused.outcomes)
  }
  // Where nobody could know the number before, what fell due is what was planned.
  const planned =
    recording.plan.plannedRequests ??
    recording.frames.reduce((sum, frame) => sum + frame.due, 0)
  const imbalance =
    unequal('planned', planned, 'sent + not sent', sent + total(notSent)) ??
    unequal('sent', sent, 'outcomes', total(outcomes))
  return {
    planned,
    sent,
    notSent,
    outcomes: Object.fromEntries(
      Object.entries(outcomes).sort(([left], [right]) => (left < right ? -1 : 1)),
    ),
    balances: imbalance === undefined,
    ...(imbalance !== undefined && { imbalance }),
  }
}

/** Sum of all counts. */
export const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

/** Requests that failed: every outcome but ok and cut off. */
export const failedIn = (outcomes: Readonly<Record<string, number>>): number =>
  total(outcomes) - (outcomes['ok'] ?? 0) - (outcomes['cut-off'] ?? 0)

function addTo(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count
}

function unequal(
  left: string,
  leftCount: number,
  right: string,
  rightCount: number,
): string | undefined {
  return leftCount === rightCount ? undefined : `${left} ${leftCount} ≠ ${right} ${rightCount}`
}
