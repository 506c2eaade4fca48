import type { Random } from '../../../base/random.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import type { Store } from '../../api/store.ts'
import { claimObjects } from '../claim-objects.ts'
import { keyOf, splitKey } from '../object-key.ts'
import { controllerOf } from '../owner-reference.ts'
import { isActive, nextAvailabilityMs } from '../pod-state.ts'
import { createSyncQueue } from '../sync-queue.ts'
import { createDeletions, type Deletions } from './deletions.ts'
import { manageReplicas } from './manage-replicas.ts'
import { replicaSetStatus } from './replica-set-status.ts'

/** Keeps the number of active pods of each ReplicaSet at `spec.replicas` (k8s-mechanics 4.2). Gives the way to stop. */
export function startReplicaSetController(store: Store, random: Random): () => void {
  const deletions = createDeletions(random)
  const queue = createSyncQueue((key) => {
    const againAfterMs = syncReplicaSet(store, key, deletions)
    if (againAfterMs !== undefined) queue.addAfter(key, againAfterMs)
  })
  const unwatch = [
    store.watch('replicasets', ({ object }) => {
      queue.add(keyOf(object))
    }),
    store.watch<Pod>('pods', ({ object }) => {
      const owner = controllerOf(object)
      const { namespace = '' } = object.metadata
      if (owner?.kind === 'ReplicaSet') queue.add(`${namespace}/${owner.name}`)
      else if (!owner) for (const one of store.list('replicasets', namespace)) queue.add(keyOf(one))
    }),
  ]
  return () => {
    for (const stop of unwatch) stop()
    deletions.stop()
    queue.stop()
  }
}

/** Milliseconds after which availability changes by mere passing of time, if it does. */
function syncReplicaSet(store: Store, key: string, deletions: Deletions): number | undefined {
  const { namespace, name } = splitKey(key)
  const replicaSet = store.get<ReplicaSet>('replicasets', namespace, name)
  if (!replicaSet) return undefined
  const claimed = () => claimObjects<Pod>(store, 'pods', replicaSet).filter(isActive)
  const before = claimed().filter((pod) => !deletions.isPending(pod.metadata.uid))
  const deleted = replicaSet.metadata.deletionTimestamp !== undefined
  const failure = deleted ? undefined : manageReplicas(store, replicaSet, before, deletions)
  const pods = claimed()
  store.change<ReplicaSet>('replicasets', namespace, name, (draft) => {
    draft.status = replicaSetStatus(draft, pods, failure, Date.now())
  })
  return nextAvailabilityMs(replicaSet.spec.minReadySeconds, pods, Date.now())
}
