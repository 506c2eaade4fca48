import type { Job } from '../../api/kinds/job.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { Store } from '../../api/store.ts'
import { keyOf, splitKey } from '../object-key.ts'
import { controllerOf } from '../owner-reference.ts'
import { isTerminal } from '../pod-state.ts'
import { createSyncQueue } from '../sync-queue.ts'
import { completionIndex } from './job-pods.ts'
import type { PodEnd } from './job-tally.ts'
import { removalDueMs } from './job-verdict.ts'
import { syncJob } from './sync-job.ts'

/** Runs Jobs to completion or failure, and removes them after their time to live. Gives the way to stop. */
export function startJobController(store: Store): () => void {
  const ends = new Map<string, Map<string, PodEnd>>()
  const queue = createSyncQueue((key) => {
    const { namespace, name } = splitKey(key)
    const job = store.get<Job>('jobs', namespace, name)
    if (!job || removeWhenDue(store, job)) return
    const againAtMs = syncJob(store, job, [...(ends.get(job.metadata.uid)?.values() ?? [])])
    if (againAtMs !== undefined) queue.addAfter(key, Math.max(1, againAtMs - Date.now()))
  })
  const unwatch = [
    store.watch<Job>('jobs', ({ type, object }) => {
      if (type === 'DELETED') ends.delete(object.metadata.uid)
      else queue.add(keyOf(object))
    }),
    store.watch<Pod>('pods', ({ type, object }) => {
      const owner = controllerOf(object)
      if (owner?.kind !== 'Job') return
      const ofJob = ends.get(owner.uid) ?? new Map<string, PodEnd>()
      const known = ofJob.has(object.metadata.uid)
      if (!known && (isTerminal(object) || type === 'DELETED')) {
        ends.set(owner.uid, ofJob.set(object.metadata.uid, endOf(object)))
      }
      queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`)
    }),
  ]
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

/** A pod that was removed before it ended counts as failed. */
function endOf(pod: Pod): PodEnd {
  const index = completionIndex(pod)
  const succeeded = pod.status.phase === 'Succeeded'
  return { succeeded, atMs: Date.now(), ...(index === undefined ? {} : { index }) }
}

function removeWhenDue(store: Store, job: Job): boolean {
  const dueMs = removalDueMs(job)
  if (dueMs === undefined || dueMs > Date.now()) return false
  const { namespace = '', name, uid } = job.metadata
  return store.remove('jobs', namespace, name, { uid }).ok
}
