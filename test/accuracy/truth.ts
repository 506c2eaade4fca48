import { readFileSync } from 'node:fs'
import type { FailureEntry } from '../../src/recording/entry.ts'
import type { Recording } from '../../src/recording/recording.ts'
import type { AnswerTruth, CutTruth, PodTruth, RulesTruth } from '../../src/lab/ground-truth.ts'

type At<T> = T & { readonly atUs: number }

/** A line of the lab's truth that tells how a request failed. */
export type Mishap = At<CutTruth> | At<AnswerTruth>

/** What the lab knows of a run; instants are of the machine's monotonic clock. */
export interface Truth {
  readonly startUs: number
  readonly pods: readonly At<PodTruth>[]
  readonly rules: readonly At<RulesTruth>[]
  /** The line that tells of a failure; each tells of one. */
  readonly mishapOf: ReadonlyMap<FailureEntry, Mishap>
  /** Lines of requests that failed for their client, of which the recording knows nothing. */
  readonly unseen: readonly Mishap[]
}

const SLACK_US = 60_000
/** A connection has one end, of which a busy client may learn only so much later, by the request that it sends. */
const LEARNT_WITHIN_US = 1_000_000
/** A lab on a busy machine notes what happened so much later; a port is not used again within it. */
const NOTED_WITHIN_US = 3_000_000
const FIRST_ERROR = 400

/** Reads the truth of a run and finds the line of each failure, by the client's port and the time. */
export function readTruth(recording: Recording, path: string): Truth {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as At<PodTruth> | At<RulesTruth> | Mishap)
  const startUs = recording.meta.startedAtMonotonicUs
  const mishaps = lines.filter((line) => line.type === 'cut' || line.type === 'answer')
  const left = new Set(mishaps)
  const mishapOf = new Map<FailureEntry, Mishap>()
  for (const failure of recording.failures.toSorted(bySending)) {
    const fromUs = startUs + failure.sentAtUs - SLACK_US
    const toUs = startUs + failure.endedAtUs + NOTED_WITHIN_US
    const mishap = mishaps.find(
      (line) =>
        left.has(line) &&
        line.clientPort === failure.localPort &&
        line.atUs >= (isOldEnd(line, failure) ? fromUs - LEARNT_WITHIN_US : fromUs) &&
        line.atUs <= toUs,
    )
    if (!mishap) continue
    left.delete(mishap)
    mishapOf.set(failure, mishap)
  }
  const endUs = startUs + (recording.frames.at(-1)?.atUs ?? 0)
  return {
    startUs,
    pods: lines.filter((line) => line.type === 'pod'),
    rules: lines.filter((line) => line.type === 'rules'),
    mishapOf,
    unseen: [...left].filter(
      (line) => line.atUs >= startUs && line.atUs <= endUs && isFailure(line),
    ),
  }
}

/** A connection that is new to its client cannot have ended before; its port may have been another's. */
const isOldEnd = (line: Mishap, failure: FailureEntry): boolean =>
  line.type === 'cut' && failure.connection === 'reused'

const bySending = (left: FailureEntry, right: FailureEntry) => left.sentAtUs - right.sentAtUs

/** Whether the client of this connection or answer must have seen a request fail. */
const isFailure = (line: Mishap): boolean =>
  line.type === 'cut'
    ? line.requestOpen === true && line.how !== 'client-left'
    : line.status === 0 || line.status >= FIRST_ERROR
