import type { Job } from '../../api/kinds/job.ts'
import type { Condition } from '../../api/kinds/pod.ts'

/** Complete or Failed, once all pods have ended. */
export const finishedCondition = ({ status }: Job): Condition | undefined =>
  status?.conditions?.find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  )

/** Decided already, while pods still end: SuccessCriteriaMet or FailureTarget. */
export const targetCondition = ({ status }: Job): Condition | undefined =>
  status?.conditions?.find(
    ({ type, status: value }) =>
      (type === 'SuccessCriteriaMet' || type === 'FailureTarget') && value === 'True',
  )

/** Wall-clock time at which a finished Job goes; undefined when it stays or has not finished. */
export function removalDueMs(job: Job): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec
  const finishedAt = finishedCondition(job)?.lastTransitionTime
  if (ttlSecondsAfterFinished === undefined || finishedAt === undefined) return undefined
  return Date.parse(finishedAt) + ttlSecondsAfterFinished * 1000
}
