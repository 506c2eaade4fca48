import type { Deployment, DeploymentStatus } from '../../api/kinds/deployment.ts'
import type { Condition } from '../../api/kinds/pod.ts'
import { kubeTime } from '../../api/kube-time.ts'
import { setCondition } from '../set-condition.ts'
import { isComplete } from './deployment-status.ts'

const AVAILABLE = 'NewReplicaSetAvailable'
const EXCEEDED = 'ProgressDeadlineExceeded'

/** The conditions with Progressing brought up to date (k8s-mechanics 4.1). `subject` is e.g. `ReplicaSet "web-1"`. */
export function judgeProgress(
  deployment: Deployment,
  next: DeploymentStatus,
  subject: string,
  nowMs: number,
): Condition[] {
  const conditions = next.conditions ?? []
  const current = progressing(conditions)
  if (next.replicas === next.updatedReplicas && current?.reason === AVAILABLE) return conditions
  if (isComplete(deployment, next)) {
    const message = `${subject} has successfully progressed.`
    return setCondition(conditions, condition('True', AVAILABLE, message))
  }
  if (madeProgress(deployment.status ?? {}, next)) {
    return renew(conditions, condition('True', 'ReplicaSetUpdated', `${subject} is progressing.`))
  }
  const deadlineMs = progressDeadlineMs(deployment, current)
  if (deadlineMs === undefined || nowMs <= deadlineMs) return conditions
  const message = `${subject} has timed out progressing.`
  return setCondition(conditions, condition('False', EXCEEDED, message))
}

/** When the rollout counts as stuck, in wall-clock time; undefined when it is done or already counts so. */
export function progressDeadlineMs(
  deployment: Deployment,
  current: Condition | undefined = progressing(deployment.status?.conditions ?? []),
): number | undefined {
  if (!current?.lastUpdateTime || current.reason === AVAILABLE || current.reason === EXCEEDED) {
    return undefined
  }
  return (
    Date.parse(current.lastUpdateTime) + (deployment.spec.progressDeadlineSeconds ?? 600) * 1000
  )
}

/** Pausing and resuming stop the clock of the deadline; undefined when nothing changes. */
export function pauseConditions(deployment: Deployment): Condition[] | undefined {
  const conditions = deployment.status?.conditions ?? []
  const current = progressing(conditions)
  if (current?.reason === EXCEEDED) return undefined
  const paused = deployment.spec.paused ?? false
  const saysPaused = current?.reason === 'DeploymentPaused'
  if (paused === saysPaused) return undefined
  return setCondition(
    conditions,
    paused
      ? condition('Unknown', 'DeploymentPaused', 'Deployment is paused')
      : condition('Unknown', 'DeploymentResumed', 'Deployment is resumed'),
  )
}

const progressing = (conditions: readonly Condition[]): Condition | undefined =>
  conditions.find(({ type }) => type === 'Progressing')

const condition = (status: Condition['status'], reason: string, message: string): Condition => ({
  type: 'Progressing',
  status,
  reason,
  message,
})

/** Each progress restarts the deadline, so the update time changes even when the reason does not. */
function renew(conditions: readonly Condition[], next: Condition): Condition[] {
  const others = conditions.filter(({ type }) => type !== 'Progressing')
  const current = progressing(conditions)
  const now = kubeTime()
  const since = current?.status === 'True' ? current.lastTransitionTime : undefined
  return [...others, { ...next, lastUpdateTime: now, lastTransitionTime: since ?? now }]
}

function madeProgress(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}
