import type { Pod } from '../../api/kinds/pod.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import type { Store } from '../../api/store.ts'
import type { RolloutState } from './rollout-state.ts'
import { isControlledBy } from '../owner-reference.ts'
import { isTerminal } from '../pod-state.ts'
import { ensureCurrentReplicaSet } from './ensure-current-replica-set.ts'
import { newReplicas, rollingBounds, shrunkOldReplicas } from './rolling-arithmetic.ts'
import { memberOf, sizeOf } from './rollout-state.ts'
import { scaleReplicaSet } from './scale-replica-set.ts'

/**
 * One step of a rolling update, in one direction: raise the new ReplicaSet, or when nothing is to raise lower the old
 * ones. True when something was scaled.
 */
export function rollingStep(store: Store, read: () => RolloutState | undefined): boolean {
  const state = withCurrent(store, read)
  if (!state) return false
  const { deployment, current, old } = state
  const bounds = rollingBounds(deployment.spec)
  const raised = newReplicas(bounds, memberOf(current), old.map(memberOf))
  if (raised !== sizeOf(current)) return scaleReplicaSet(store, deployment, current, raised)
  const sizes = shrunkOldReplicas(bounds, memberOf(current), old.map(memberOf))
  for (const replicaSet of old) {
    const size = sizes.get(replicaSet.metadata.name)
    if (size !== undefined) scaleReplicaSet(store, deployment, replicaSet, size)
  }
  return sizes.size > 0
}

/** One step of Recreate: old pods down to none, wait until they are really gone, then the new ones. */
export function recreateStep(store: Store, read: () => RolloutState | undefined): boolean {
  const before = read()
  if (!before) return false
  const active = before.old.filter((replicaSet) => sizeOf(replicaSet) > 0)
  for (const replicaSet of active) scaleReplicaSet(store, before.deployment, replicaSet, 0)
  if (active.length > 0) return true
  if (before.old.some((replicaSet) => hasPods(store, replicaSet))) return false
  const state = withCurrent(store, read)
  if (!state) return false
  const { deployment, current } = state
  return scaleReplicaSet(store, deployment, current, deployment.spec.replicas ?? 1)
}

function withCurrent(
  store: Store,
  read: () => RolloutState | undefined,
): (RolloutState & { readonly current: ReplicaSet }) | undefined {
  const before = read()
  if (!before) return undefined
  ensureCurrentReplicaSet(store, before)
  const state = read()
  return state?.current ? { ...state, current: state.current } : undefined
}

/** Terminating pods count: Recreate waits for them. */
const hasPods = (store: Store, replicaSet: ReplicaSet): boolean =>
  store
    .list<Pod>('pods', replicaSet.metadata.namespace)
    .some((pod) => isControlledBy(pod, replicaSet) && !isTerminal(pod))
