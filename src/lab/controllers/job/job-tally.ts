import type { Job } from '../../api/kinds/job.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import { completionIndex } from './job-pods.ts'

const FIRST_BACK_OFF_MS = 10_000
const LONGEST_BACK_OFF_MS = 600_000

/** The end of one pod, remembered when its object is gone. */
export interface PodEnd {
  readonly succeeded: boolean
  readonly atMs: number
  readonly index?: number
}

/** What has become of the pods of a Job. */
export interface JobTally {
  readonly succeeded: number
  readonly failed: number
  /** Restarts of containers of pods that restart on failure. */
  readonly restarts: number
  /** Indexes that have succeeded, ascending. */
  readonly completed: readonly number[]
  /** Wall-clock time before which no pod is created after failures. */
  readonly createAfterMs: number
}

/** Counts each pod once. An index counts as succeeded once, however many pods of it did. */
export function tallyOf(job: Job, ends: readonly PodEnd[], active: readonly Pod[]): JobTally {
  const completed = [
    ...new Set(ends.flatMap(({ succeeded, index }) => (succeeded ? (index ?? []) : []))),
  ].sort((left, right) => left - right)
  const succeeded = ends.filter((end) => end.succeeded).length
  return {
    succeeded: job.spec.completionMode === 'Indexed' ? completed.length : succeeded,
    failed: ends.length - succeeded,
    restarts: restartsOf(job, active),
    completed,
    createAfterMs: createAfterMs(ends),
  }
}

function restartsOf(job: Job, active: readonly Pod[]): number {
  if (job.spec.template.spec.restartPolicy !== 'OnFailure') return 0
  return active
    .flatMap(({ status }) => status.containerStatuses ?? [])
    .reduce((sum, { restartCount }) => sum + restartCount, 0)
}

/** 10 s after the last failure, doubled for each one since the last success, 10 min at most. */
export function createAfterMs(ends: readonly PodEnd[]): number {
  const inOrder = [...ends].sort((left, right) => left.atMs - right.atMs)
  const lastSuccess = inOrder.findLastIndex(({ succeeded }) => succeeded)
  const failures = inOrder.slice(lastSuccess + 1)
  const last = failures.at(-1)
  if (!last) return 0
  return last.atMs + Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures.length - 1))
}

/** Why the Job has failed, as the reason and message of its condition; undefined while it has not. */
export function failureOf(
  job: Job,
  tally: JobTally,
  nowMs: number,
): { readonly reason: string; readonly message: string } | undefined {
  const { backoffLimit = 6, activeDeadlineSeconds } = job.spec
  const tooManyRestarts =
    tally.restarts > 0 && (backoffLimit === 0 || tally.restarts >= backoffLimit)
  if (tally.failed > backoffLimit || tooManyRestarts) {
    const message = 'Job has reached the specified backoff limit'
    return { reason: 'BackoffLimitExceeded', message }
  }
  const { startTime } = job.status ?? {}
  if (activeDeadlineSeconds === undefined || startTime === undefined) return undefined
  if (nowMs < Date.parse(startTime) + activeDeadlineSeconds * 1000) return undefined
  return { reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' }
}

/** Enough pods have succeeded; without `completions` one is enough, once no other runs. */
export function isDone({ spec }: Job, tally: JobTally, active: readonly Pod[]): boolean {
  if (spec.completions !== undefined) return tally.succeeded >= spec.completions
  return tally.succeeded > 0 && active.length === 0
}

/** How many pods should run now. */
export function wantedActive({ spec }: Job, tally: JobTally, active: number): number {
  const parallelism = spec.parallelism ?? 1
  if (spec.suspend) return 0
  if (spec.completions !== undefined) {
    return Math.max(0, Math.min(parallelism, spec.completions - tally.succeeded))
  }
  return tally.succeeded > 0 ? Math.min(active, parallelism) : parallelism
}

/** The lowest indexes that neither have succeeded nor run. */
export function freeIndexes(job: Job, tally: JobTally, active: readonly Pod[]): number[] {
  const taken = new Set([...tally.completed, ...active.map(completionIndex)])
  const all = Array.from({ length: job.spec.completions ?? 0 }, (_, index) => index)
  return all.filter((index) => !taken.has(index))
}

/** Ascending numbers as Kubernetes writes them, e.g. `0-2,5`. */
export function indexRanges(indexes: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const index of indexes) {
    const last = ranges.at(-1)
    if (last?.[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges
    .map(([from, to]) => (from === to ? String(from) : `${String(from)}-${String(to)}`))
    .join()
}
