import type { DaemonSet } from '../../api/kinds/daemon-set.ts'
import type { Node } from '../../api/kinds/node.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { Store } from '../../api/store.ts'
import { claimObjects } from '../claim-objects.ts'
import { cleanRevisions, ensureRevision, revisionsOf } from '../history/controller-revisions.ts'
import { keyOf, splitKey } from '../object-key.ts'
import { controllerOf } from '../owner-reference.ts'
import { nextAvailabilityMs } from '../pod-state.ts'
import { createSyncQueue } from '../sync-queue.ts'
import { HASH_LABEL } from './daemon-pod.ts'
import { daemonSetStatus } from './daemon-set-status.ts'
import type { DaemonView } from './daemon-view.ts'
import { manageDaemons } from './manage-daemons.ts'
import { nodeOf } from './node-runs-daemon.ts'
import { rollDaemons } from './roll-daemons.ts'

/** Keeps one pod of each DaemonSet on every node that fits, and rolls them. Gives the way to stop. */
export function startDaemonSetController(store: Store): () => void {
  const queue = createSyncQueue((key) => {
    const againAfterMs = syncDaemonSet(store, key)
    if (againAfterMs !== undefined) queue.addAfter(key, againAfterMs)
  })
  const addAll = () => {
    for (const one of store.list('daemonsets')) queue.add(keyOf(one))
  }
  const unwatch = [
    store.watch('daemonsets', ({ object }) => {
      queue.add(keyOf(object))
    }),
    store.watch('nodes', addAll),
    store.watch<Pod>('pods', ({ object }) => {
      const owner = controllerOf(object)
      if (owner?.kind === 'DaemonSet') {
        queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`)
      } else if (!owner) addAll()
    }),
  ]
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

/** Milliseconds after which availability changes by mere passing of time, if it does. */
function syncDaemonSet(store: Store, key: string): number | undefined {
  const { namespace, name } = splitKey(key)
  const set = store.get<DaemonSet>('daemonsets', namespace, name)
  if (!set) return undefined
  const revision = ensureRevision(store, set, HASH_LABEL)
  const hash = revision.metadata.labels?.[HASH_LABEL] ?? ''
  if (set.metadata.deletionTimestamp === undefined) {
    manageDaemons(viewOf(store, set, hash))
    if (set.spec.updateStrategy?.type !== 'OnDelete') rollDaemons(viewOf(store, set, hash))
  }
  const view = viewOf(store, set, hash)
  store.change<DaemonSet>('daemonsets', namespace, name, (draft) => {
    draft.status = daemonSetStatus(view)
  })
  const used = new Set([...view.podsOn.values()].flat().map(hashOf))
  const live = revisionsOf(store, set).filter(
    (one) => one.metadata.name === revision.metadata.name || used.has(hashOf(one)),
  )
  cleanRevisions(store, set, new Set(live.map(({ metadata }) => metadata.name)))
  return nextAvailabilityMs(
    view.set.spec.minReadySeconds,
    [...view.podsOn.values()].flat(),
    view.nowMs,
  )
}

const hashOf = ({ metadata }: Pick<Pod, 'metadata'>): string => metadata.labels?.[HASH_LABEL] ?? ''

function viewOf(store: Store, set: DaemonSet, hash: string): DaemonView {
  const podsOn = new Map<string, Pod[]>()
  for (const pod of claimObjects<Pod>(store, 'pods', set)) {
    const node = nodeOf(pod) ?? ''
    podsOn.set(node, [...(podsOn.get(node) ?? []), pod])
  }
  return { store, set, hash, nodes: store.list<Node>('nodes'), podsOn, nowMs: Date.now() }
}
