import type { Pod } from '../../api/kinds/pod.ts'
import type { StatefulSet } from '../../api/kinds/stateful-set.ts'
import type { Store } from '../../api/store.ts'
import { isTerminal } from '../pod-state.ts'
import { createStatefulPod, deleteStatefulPod, tellRecreation } from './act-on-pods.ts'
import {
  isAvailable,
  isHealthy,
  isRunningAndReady,
  isTerminating,
  ordinalOf,
  revisionOf,
} from './stateful-pod.ts'
import type { Revisions } from './stateful-set-status.ts'

/** All that one sync of a StatefulSet looks at. */
export interface StatefulSetView {
  readonly store: Store
  readonly set: StatefulSet
  readonly pods: readonly Pod[]
  readonly revisions: Revisions
  readonly nowMs: number
}

/**
 * One sync (k8s `updateStatefulSet`): replicas in the order of their ordinals, then surplus pods from the highest down,
 * then a rolling update from the highest down to the partition. OrderedReady does one thing at a time, and waits for
 * it; Parallel creates and deletes at once, but still updates one after the other.
 */
export function updateStatefulSet(view: StatefulSetView): void {
  if (!processReplicas(view)) return
  if (!processCondemned(view)) return
  if (view.set.spec.updateStrategy?.type !== 'OnDelete') rollOn(view)
}

const isOrdered = ({ spec }: StatefulSet): boolean => spec.podManagementPolicy !== 'Parallel'

const startOf = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0

const partitionOf = ({ spec }: StatefulSet): number =>
  spec.updateStrategy?.rollingUpdate?.partition ?? 0

function ordinalsOf(set: StatefulSet): number[] {
  return Array.from({ length: set.spec.replicas ?? 1 }, (_, index) => startOf(set) + index)
}

/** True when all replicas are there and nothing has to be waited for. */
function processReplicas(view: StatefulSetView): boolean {
  const { set, pods } = view
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]))
  for (const ordinal of ordinalsOf(set)) {
    const isSettled = processReplica(view, ordinal, byOrdinal.get(ordinal))
    if (!isSettled && isOrdered(set)) return false
  }
  return true
}

function processReplica(
  { store, set, revisions, nowMs }: StatefulSetView,
  ordinal: number,
  pod: Pod | undefined,
): boolean {
  if (!pod) {
    const revision = needsCurrent(set, ordinal) ? revisions.current : revisions.update
    createStatefulPod(store, set, revision, ordinal)
    return false
  }
  if (isTerminal(pod)) {
    if (!isTerminating(pod)) {
      tellRecreation(store, set, pod)
      deleteStatefulPod(store, set, pod)
    }
    return false
  }
  return isHealthy(pod) && isAvailable(pod, set, nowMs)
}

/** Below the partition a missing pod comes back as it was. */
const needsCurrent = (set: StatefulSet, ordinal: number): boolean =>
  set.spec.updateStrategy?.type !== 'OnDelete' && ordinal < startOf(set) + partitionOf(set)

/** Deletes pods beyond the replicas, the highest ordinal first; true when none has to be waited for. */
function processCondemned(view: StatefulSetView): boolean {
  const { store, set, pods, nowMs } = view
  const wanted = new Set(ordinalsOf(set))
  const condemned = pods
    .filter((pod) => !wanted.has(ordinalOf(set, pod) ?? -1))
    .sort((left, right) => (ordinalOf(set, right) ?? 0) - (ordinalOf(set, left) ?? 0))
  const firstUnhealthy = unhealthyOf(view, condemned)
  for (const pod of condemned) {
    if (isTerminating(pod)) {
      if (isOrdered(set)) return false
      continue
    }
    const isWell = isRunningAndReady(pod) && isAvailable(pod, set, nowMs)
    if (isOrdered(set) && !isWell && pod !== firstUnhealthy) return false
    deleteStatefulPod(store, set, pod)
    if (isOrdered(set)) return false
  }
  return true
}

/** The lowest ordinal among all pods that is not healthy: it alone may be deleted as it is. */
function unhealthyOf({ set, pods }: StatefulSetView, condemned: readonly Pod[]): Pod | undefined {
  const ordered = [...pods]
    .filter((pod) => !condemned.includes(pod))
    .sort((left, right) => (ordinalOf(set, left) ?? 0) - (ordinalOf(set, right) ?? 0))
  return [...ordered, ...condemned].find((pod) => !isHealthy(pod))
}

/** Deletes the highest pod that is not of the update revision, once all above it are healthy. */
function rollOn({ store, set, pods, revisions }: StatefulSetView): void {
  const lowest = startOf(set) + partitionOf(set)
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]))
  for (const ordinal of ordinalsOf(set).reverse()) {
    const pod = byOrdinal.get(ordinal)
    if (ordinal < lowest || !pod) return
    if (revisionOf(pod) !== revisions.update.metadata.name && !isTerminating(pod)) {
      deleteStatefulPod(store, set, pod)
      return
    }
    if (!isHealthy(pod)) return
  }
}
