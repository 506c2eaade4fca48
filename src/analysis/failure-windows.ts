import type { FailureEntry } from '../recording/entry.ts'
import type { Recording } from '../recording/recording.ts'
import { type Attribution, type CauseId, type FailureWindow, isFailed } from './analysis.ts'

/** Failures no further apart than this are in one window. */
const JOIN_US = 1_000_000

/** The spans of time in which requests failed, each failure where its request was due. */
export function failureWindows(
  recording: Recording,
  causeOf: ReadonlyMap<number, Attribution>,
): FailureWindow[] {
  const failures = recording.failures
    .filter((failure) => isFailed(failure.outcome))
    .toSorted((left, right) => left.dueAtUs - right.dueAtUs)
  const groups: FailureEntry[][] = []
  for (const failure of failures) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group && last && failure.dueAtUs - last.dueAtUs <= JOIN_US) group.push(failure)
    else groups.push([failure])
  }
  return groups.map((group, at) => describeWindow(at + 1, group, recording, causeOf))
}

function describeWindow(
  number: number,
  group: readonly FailureEntry[],
  recording: Recording,
  causeOf: ReadonlyMap<number, Attribution>,
): FailureWindow {
  const fromUs = group[0]?.dueAtUs ?? 0
  const toUs = group.at(-1)?.dueAtUs ?? fromUs
  const causes = countBy(group.flatMap((failure) => causeOf.get(failure.seq)?.cause ?? []))
  return {
    number,
    fromUs,
    toUs,
    failed: group.length,
    due: dueBetween(recording, fromUs, toUs),
    outcomes: Object.fromEntries(countBy(group.map((failure) => outcomeText(failure)))),
    causes: [...causes]
      .map(([cause, failed]): { cause: CauseId; failed: number } => ({ cause, failed }))
      .sort((left, right) => right.failed - left.failed),
    pods: [...new Set(group.flatMap((failure) => causeOf.get(failure.seq)?.pods ?? []))].sort(),
  }
}

/** A failure's class, with the status when there is one: `bad-status 502`. */
export const outcomeText = (failure: FailureEntry): string =>
  failure.outcome === 'bad-status' ? `bad-status ${failure.status ?? 0}` : failure.outcome

/** Requests due in the frames that a span touches; at least the failures themselves are among them. */
function dueBetween(recording: Recording, fromUs: number, toUs: number): number {
  return recording.frames
    .filter((frame) => frame.atUs + 100_000 > fromUs && frame.atUs <= toUs)
    .reduce((sum, frame) => sum + frame.due, 0)
}

function countBy<Key>(keys: readonly Key[]): Map<Key, number> {
  const counts = new Map<Key, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
