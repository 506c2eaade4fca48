import type { Store } from '../../api/store.ts'
import type { RolloutState } from './rollout-state.ts'
import { proportionalSizes } from './proportional-sizes.ts'
import { rollingBounds } from './rolling-arithmetic.ts'
import { sizeOf } from './rollout-state.ts'
import { scaleReplicaSet } from './scale-replica-set.ts'
import { desiredWhenSized, maxWhenSized } from './size-annotations.ts'

/** The desired number changed since an active ReplicaSet was sized; this goes before any rollout step. */
export const isScalingEvent = ({ deployment, all }: RolloutState): boolean =>
  all.some((replicaSet) => {
    const desired = desiredWhenSized(replicaSet)
    return sizeOf(replicaSet) > 0 && desired !== undefined && desired !== deployment.spec.replicas
  })

/** Brings the ReplicaSets to the desired number: the only active one, or all in proportion (k8s-mechanics 4.1). */
export function scaleDeployment(store: Store, state: RolloutState): void {
  const { deployment, current, old, all } = state
  const { desired, maxSurge } = rollingBounds(deployment.spec)
  const active = all.filter((replicaSet) => sizeOf(replicaSet) > 0)
  const [first] = active
  const only = active.length > 1 ? undefined : (first ?? current ?? old.at(-1))
  if (only) {
    scaleReplicaSet(store, deployment, only, desired)
    return
  }
  if (isSaturated(state, desired)) {
    for (const replicaSet of old) {
      if (sizeOf(replicaSet) > 0) scaleReplicaSet(store, deployment, replicaSet, 0)
    }
    return
  }
  if (deployment.spec.strategy?.type === 'Recreate') return
  const members = active.map((replicaSet) => ({
    name: replicaSet.metadata.name,
    replicas: sizeOf(replicaSet),
    maxReplicas: maxWhenSized(replicaSet) ?? desired + maxSurge,
    createdAt: replicaSet.metadata.creationTimestamp,
  }))
  const sizes = proportionalSizes(members, desired, desired + maxSurge)
  for (const replicaSet of active) {
    const size = sizes.get(replicaSet.metadata.name) ?? sizeOf(replicaSet)
    scaleReplicaSet(store, deployment, replicaSet, size)
  }
}

/** The rollout is over, only old ReplicaSets still have pods. */
const isSaturated = ({ current }: RolloutState, desired: number): boolean =>
  current !== undefined &&
  sizeOf(current) === desired &&
  desiredWhenSized(current) === desired &&
  current.status?.availableReplicas === desired
