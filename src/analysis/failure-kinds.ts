import type { ConnectionUse, FailureEntry, Outcome } from '../recording/entry.ts'
import type { Recording } from '../recording/recording.ts'
import { isFailed } from './analysis.ts'
import { outcomeText } from './failure-windows.ts'

/** Failed requests of one class; bad statuses apart by status. */
export interface FailureKind {
  /** `reset-in-body`, `bad-status 503`; `… (not listed)` for those of which only the number is known. */
  readonly name: string
  readonly count: number
  readonly connections: Readonly<Record<ConnectionUse, number>>
  /** When the first and the last of them were due; absent when only the number is known. */
  readonly firstDueUs?: number
  readonly lastDueUs?: number
  /** The system's or the parser's words for it, the most frequent first. */
  readonly details: readonly string[]
}

const MOST_DETAILS = 3

/** What failed, by class and status, and on which connections; the most frequent first. Complete: nothing is left out. */
export function failureKinds(recording: Recording): FailureKind[] {
  const groups = new Map<string, FailureEntry[]>()
  for (const failure of recording.failures) {
    if (!isFailed(failure.outcome)) continue
    const group = groups.get(outcomeText(failure))
    if (group) group.push(failure)
    else groups.set(outcomeText(failure), [failure])
  }
  const listed = [...groups].map(([name, group]) => kindOf(name, group))
  return [...listed, ...unlistedKinds(recording)].sort((left, right) => right.count - left.count)
}

function kindOf(name: string, group: readonly FailureEntry[]): FailureKind {
  const onNew = group.filter(({ connection }) => connection === 'new').length
  const details = new Map<string, number>()
  for (const { detail } of group) {
    if (detail !== undefined) details.set(detail, (details.get(detail) ?? 0) + 1)
  }
  return {
    name,
    count: group.length,
    connections: { new: onNew, reused: group.length - onNew },
    firstDueUs: group.reduce((first, { dueAtUs }) => Math.min(first, dueAtUs), Infinity),
    lastDueUs: group.reduce((last, { dueAtUs }) => Math.max(last, dueAtUs), 0),
    details: [...details]
      .sort(([, left], [, right]) => right - left)
      .slice(0, MOST_DETAILS)
      .map(([detail]) => detail),
  }
}

/** What the frames count beyond the failures that are listed one by one. */
function unlistedKinds({ frames, failures }: Recording): FailureKind[] {
  const counts = new Map<string, Record<ConnectionUse, number>>()
  const add = (outcome: string, use: ConnectionUse, count: number) => {
    const of = counts.get(outcome) ?? { new: 0, reused: 0 }
    of[use] += count
    counts.set(outcome, of)
  }
  for (const { ended } of frames) {
    for (const use of ['new', 'reused'] as const) {
      for (const [outcome, count] of Object.entries(ended[use].outcomes)) {
        if (isFailed(outcome as Outcome)) add(outcome, use, count)
      }
    }
  }
  for (const { outcome, connection } of failures) {
    if (isFailed(outcome)) add(outcome, connection, -1)
  }
  return [...counts].flatMap(([outcome, connections]) => {
    const count = connections.new + connections.reused
    return count > 0 ? [{ name: `${outcome} (not listed)`, count, connections, details: [] }] : []
  })
}
