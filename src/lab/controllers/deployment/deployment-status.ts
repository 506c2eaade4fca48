import type { Deployment, DeploymentStatus } from '../../api/kinds/deployment.ts'
import type { Condition } from '../../api/kinds/pod.ts'
import type { ReplicaSet, ReplicaSetStatus } from '../../api/kinds/replica-set.ts'
import type { RolloutState } from './rollout-state.ts'
import { setCondition } from '../set-condition.ts'
import { rollingBounds } from './rolling-arithmetic.ts'
import { sizeOf } from './rollout-state.ts'

/** The numbers and the Available condition that follow from the ReplicaSets; progress is judged apart. */
export function deploymentStatus({ deployment, current, all }: RolloutState): DeploymentStatus {
  const availableReplicas = total(all, 'availableReplicas')
  const wanted = all.reduce((sum, replicaSet) => sum + sizeOf(replicaSet), 0)
  const { desired, maxUnavailable } = rollingBounds(deployment.spec)
  const earlier = deployment.status?.conditions ?? []
  const available = availability(availableReplicas >= desired - maxUnavailable)
  const failure = all
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure')
  const conditions = setCondition(earlier, available).filter(
    ({ type }) => type !== 'ReplicaFailure',
  )
  const unavailableReplicas = Math.max(0, wanted - availableReplicas)
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: total(all, 'replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total(all, 'readyReplicas'),
    availableReplicas,
    // As a real server has it: absent when there are none.
    ...(unavailableReplicas > 0 && { unavailableReplicas }),
    conditions: failure ? [...conditions, failure] : conditions,
  }
}

const total = (
  replicaSets: readonly ReplicaSet[],
  field: Exclude<keyof ReplicaSetStatus, 'conditions'>,
): number => replicaSets.reduce((sum, { status }) => sum + (status?.[field] ?? 0), 0)

const availability = (enough: boolean): Condition =>
  enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      }

/** All pods are of the present template and available, and the status knows the present spec. */
export function isComplete(deployment: Deployment, status: DeploymentStatus = {}): boolean {
  const desired = deployment.spec.replicas ?? 1
  return (
    (status.updatedReplicas ?? 0) === desired &&
    (status.replicas ?? 0) === desired &&
    (status.availableReplicas ?? 0) === desired &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}
