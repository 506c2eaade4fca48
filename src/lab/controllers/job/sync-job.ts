import type { Job } from '../../api/kinds/job.ts'
import type { Condition, Pod } from '../../api/kinds/pod.ts'
import type { Store } from '../../api/store.ts'
import { kubeTime } from '../../api/kube-time.ts'
import { isControlledBy } from '../owner-reference.ts'
import { isActive, isReady, isTerminal } from '../pod-state.ts'
import { setCondition } from '../set-condition.ts'
import { createJobPod, deleteJobPod, tell } from './job-pods.ts'
import type { JobTally, PodEnd } from './job-tally.ts'
import { failureOf, freeIndexes, indexRanges, isDone, tallyOf, wantedActive } from './job-tally.ts'
import { finishedCondition, removalDueMs, targetCondition } from './job-verdict.ts'

/** One sync of a Job; gives the wall-clock time at which it must be looked at again, if it must. */
export function syncJob(store: Store, job: Job, ends: readonly PodEnd[]): number | undefined {
  if (finishedCondition(job)) return removalDueMs(job)
  const nowMs = Date.now()
  const active = podsOf(store, job).filter(isActive)
  const tally = tallyOf(job, ends, active)
  const target = targetCondition(job) ?? decide(job, tally, active, nowMs)
  if (job.metadata.deletionTimestamp === undefined) {
    act(store, job, tally, active, target !== undefined, nowMs)
  }
  writeStatus(store, job, tally, target)
  return nextLookMs(job, tally, nowMs)
}

const podsOf = (store: Store, job: Job): Pod[] =>
  store.list<Pod>('pods', job.metadata.namespace).filter((pod) => isControlledBy(pod, job))

function decide(
  job: Job,
  tally: JobTally,
  active: readonly Pod[],
  nowMs: number,
): Condition | undefined {
  const failure = failureOf(job, tally, nowMs)
  if (failure) return { type: 'FailureTarget', status: 'True', ...failure }
  if (!isDone(job, tally, active)) return undefined
  const message = 'Reached expected number of succeeded pods'
  return { type: 'SuccessCriteriaMet', status: 'True', reason: 'CompletionsReached', message }
}

function act(
  store: Store,
  job: Job,
  tally: JobTally,
  active: readonly Pod[],
  decided: boolean,
  nowMs: number,
): void {
  const wanted = decided ? 0 : wantedActive(job, tally, active.length)
  for (const pod of active.slice(wanted)) deleteJobPod(store, job, pod)
  const missing = wanted - active.length
  if (missing <= 0 || nowMs < tally.createAfterMs) return
  if (job.spec.completionMode !== 'Indexed') {
    for (let count = 0; count < missing; count += 1) createJobPod(store, job, undefined)
    return
  }
  for (const index of freeIndexes(job, tally, active).slice(0, missing)) {
    createJobPod(store, job, index)
  }
}

function writeStatus(store: Store, job: Job, tally: JobTally, target: Condition | undefined): void {
  const { namespace = '', name } = job.metadata
  const pods = podsOf(store, job)
  const active = pods.filter(isActive)
  const over = target !== undefined && pods.every(isTerminal)
  const ended = over ? finished(target) : undefined
  const suspended = job.spec.suspend ?? false
  const now = kubeTime()
  store.change<Job>('jobs', namespace, name, (draft) => {
    const { startTime = suspended ? undefined : now, ...earlier } = job.status ?? {}
    const conditions = [target, ended].reduce(
      (all, one) => (one ? setCondition(all, one) : all),
      suspension(earlier.conditions ?? [], suspended),
    )
    draft.status = {
      ...earlier,
      ...(startTime && !suspended ? { startTime } : {}),
      ...(ended?.type === 'Complete' ? { completionTime: now } : {}),
      active: active.length,
      ready: active.filter(isReady).length,
      terminating: pods.filter(
        (pod) => pod.metadata.deletionTimestamp !== undefined && !isTerminal(pod),
      ).length,
      succeeded: tally.succeeded,
      failed: tally.failed,
      ...(tally.completed.length > 0 ? { completedIndexes: indexRanges(tally.completed) } : {}),
      ...(conditions.length > 0 ? { conditions } : {}),
    }
  })
  tellChanges(store, job, ended)
}

const finished = ({ type, reason = '', message = '' }: Condition): Condition => ({
  type: type === 'FailureTarget' ? 'Failed' : 'Complete',
  status: 'True',
  reason,
  message,
})

function suspension(conditions: readonly Condition[], suspended: boolean): Condition[] {
  const known = conditions.some(({ type }) => type === 'Suspended')
  if (suspended) {
    const reason = { reason: 'JobSuspended', message: 'Job suspended' }
    return setCondition(conditions, { type: 'Suspended', status: 'True', ...reason })
  }
  const resumed = { reason: 'JobResumed', message: 'Job resumed' }
  if (!known) return [...conditions]
  return setCondition(conditions, { type: 'Suspended', status: 'False', ...resumed })
}

function tellChanges(store: Store, job: Job, ended: Condition | undefined): void {
  if (ended?.type === 'Complete') tell(store, job, 'Normal', 'Completed', 'Job completed')
  if (ended?.type === 'Failed') {
    tell(store, job, 'Warning', ended.reason ?? '', ended.message ?? '')
  }
  const was = job.status?.conditions?.some(
    ({ type, status }) => type === 'Suspended' && status === 'True',
  )
  const suspended = job.spec.suspend ?? false
  if (suspended && !was) tell(store, job, 'Normal', 'Suspended', 'Job suspended')
  if (!suspended && was) tell(store, job, 'Normal', 'Resumed', 'Job resumed')
}

/** The end of the back-off or of the deadline, whichever comes first. */
function nextLookMs(job: Job, tally: JobTally, nowMs: number): number | undefined {
  const { startTime } = job.status ?? {}
  const { activeDeadlineSeconds } = job.spec
  const deadline =
    activeDeadlineSeconds === undefined || startTime === undefined
      ? []
      : [Date.parse(startTime) + activeDeadlineSeconds * 1000]
  const times = [tally.createAfterMs, ...deadline].filter((atMs) => atMs > nowMs)
  return times.length > 0 ? Math.min(...times) : undefined
}
