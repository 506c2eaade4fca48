import type { Pod } from '../api/kinds/pod.ts'
import type { Store } from '../api/store.ts'
import { keyOf, splitKey } from './object-key.ts'
import { setCondition } from './set-condition.ts'
import { createSyncQueue } from './sync-queue.ts'

const NODE = 'lab-node-1'

/** Puts every pod on the one node of the lab. Gives the way to stop. */
export function startScheduler(store: Store): () => void {
  const queue = createSyncQueue((key) => {
    schedule(store, key)
  })
  const unwatch = store.watch<Pod>('pods', ({ type, object }) => {
    if (type !== 'DELETED' && needsNode(object)) queue.add(keyOf(object))
  })
  return () => {
    unwatch()
    queue.stop()
  }
}

const needsNode = (pod: Pod): boolean =>
  !pod.spec.nodeName && pod.metadata.deletionTimestamp === undefined

function schedule(store: Store, key: string): void {
  const { namespace, name } = splitKey(key)
  const pod = store.get<Pod>('pods', namespace, name)
  if (!pod || !needsNode(pod)) return
  store.change<Pod>('pods', namespace, name, (draft) => {
    draft.spec.nodeName = NODE
    const scheduled = { type: 'PodScheduled', status: 'True' } as const
    draft.status.conditions = setCondition(draft.status.conditions ?? [], scheduled)
  })
  store.emitEvent({
    regarding: pod,
    type: 'Normal',
    reason: 'Scheduled',
    message: `Successfully assigned ${key} to ${NODE}`,
    component: 'default-scheduler',
  })
}
