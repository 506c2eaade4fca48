import type { Pod } from '../../api/kinds/pod.ts'
import type { StatefulSet } from '../../api/kinds/stateful-set.ts'
import type { Store } from '../../api/store.ts'
import { claimObjects } from '../claim-objects.ts'
import { cleanRevisions, ensureRevision, revisionsOf } from '../history/controller-revisions.ts'
import { keyOf, splitKey } from '../object-key.ts'
import { controllerOf } from '../owner-reference.ts'
import { nextAvailabilityMs } from '../pod-state.ts'
import { createSyncQueue } from '../sync-queue.ts'
import { ordinalOf, revisionOf } from './stateful-pod.ts'
import { type Revisions, statefulSetStatus } from './stateful-set-status.ts'
import { updateStatefulSet } from './update-stateful-set.ts'

const HASH_LABEL = 'controller.kubernetes.io/hash'

/** Keeps the pods of each StatefulSet by name, and rolls them one by one. Gives the way to stop. */
export function startStatefulSetController(store: Store): () => void {
  const queue = createSyncQueue((key) => {
    const againAfterMs = syncStatefulSet(store, key)
    if (againAfterMs !== undefined) queue.addAfter(key, againAfterMs)
  })
  const unwatch = [
    store.watch('statefulsets', ({ object }) => {
      queue.add(keyOf(object))
    }),
    store.watch<Pod>('pods', ({ object }) => {
      const owner = controllerOf(object)
      const { namespace = '' } = object.metadata
      if (owner?.kind === 'StatefulSet') queue.add(`${namespace}/${owner.name}`)
      else if (!owner) {
        for (const one of store.list('statefulsets', namespace)) queue.add(keyOf(one))
      }
    }),
  ]
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

/** Milliseconds after which availability changes by mere passing of time, if it does. */
function syncStatefulSet(store: Store, key: string): number | undefined {
  const { namespace, name } = splitKey(key)
  const set = store.get<StatefulSet>('statefulsets', namespace, name)
  if (!set) return undefined
  const revisions = findRevisions(store, set)
  // A pod that matches the selector but has another set's name is not its own.
  const claimed = () =>
    claimObjects<Pod>(store, 'pods', set).filter((pod) => ordinalOf(set, pod) !== undefined)
  const nowMs = Date.now()
  if (set.metadata.deletionTimestamp === undefined) {
    updateStatefulSet({ store, set, pods: claimed(), revisions, nowMs })
  }
  const pods = claimed()
  const status = statefulSetStatus(set, pods, revisions, nowMs)
  store.change<StatefulSet>('statefulsets', namespace, name, (draft) => {
    draft.status = {
      ...status,
      ...(set.status?.conditions && { conditions: set.status.conditions }),
    }
  })
  const { current, update } = revisions
  const live = [current, update].map(({ metadata }) => metadata.name)
  cleanRevisions(store, set, new Set([...live, ...pods.map((pod) => revisionOf(pod) ?? '')]))
  return nextAvailabilityMs(set.spec.minReadySeconds, pods, nowMs)
}

function findRevisions(store: Store, set: StatefulSet): Revisions {
  const update = ensureRevision(store, set, HASH_LABEL)
  const named = revisionsOf(store, set).find(
    ({ metadata }) => metadata.name === set.status?.currentRevision,
  )
  return { update, current: named ?? update }
}
