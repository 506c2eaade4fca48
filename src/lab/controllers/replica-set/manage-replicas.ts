import { podFromTemplate } from '../pod-from-template.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import type { Store } from '../../api/store.ts'
import { controllerOf, isControlledBy } from '../owner-reference.ts'
import { isActive } from '../pod-state.ts'
import type { Deletions } from './deletions.ts'
import { victimOrder } from './victim-order.ts'

const BURST = 500
const COMPONENT = 'replicaset-controller'

/** Creates or deletes pods to reach `spec.replicas`; gives the message of a creation that failed. */
export function manageReplicas(
  store: Store,
  replicaSet: ReplicaSet,
  active: readonly Pod[],
  deletions: Deletions,
): string | undefined {
  const missing = (replicaSet.spec.replicas ?? 1) - active.length
  if (missing > 0) return createPods(store, replicaSet, Math.min(missing, BURST))
  const victims = victimOrder(active, Date.now(), relatedPods(store, replicaSet)).slice(
    0,
    Math.min(-missing, BURST),
  )
  const byUid = new Map(victims.map((pod) => [pod.metadata.uid, pod]))
  deletions.begin([...byUid.keys()], (uid) => {
    const pod = byUid.get(uid)
    if (pod) deletePod(store, replicaSet, pod)
  })
  return undefined
}

/** Active pods of this ReplicaSet and of the others of the same owner. */
function relatedPods(store: Store, replicaSet: ReplicaSet): Pod[] {
  const { namespace } = replicaSet.metadata
  const owner = controllerOf(replicaSet)?.uid
  const family = store
    .list<ReplicaSet>('replicasets', namespace)
    .filter((one) => owner !== undefined && controllerOf(one)?.uid === owner)
  return store
    .list<Pod>('pods', namespace)
    .filter(isActive)
    .filter((pod) => [replicaSet, ...family].some((one) => isControlledBy(pod, one)))
}

/** Slow start: batches of 1, 2, 4, 8…; a batch with an error is the last one. */
function createPods(store: Store, replicaSet: ReplicaSet, count: number): string | undefined {
  for (let created = 0, batch = 1; created < count; created += batch, batch *= 2) {
    let failure: string | undefined
    for (let index = 0; index < Math.min(batch, count - created); index += 1) {
      failure ??= createPod(store, replicaSet)
    }
    if (failure) return failure
  }
  return undefined
}

function createPod(store: Store, replicaSet: ReplicaSet): string | undefined {
  const created = store.create<Pod>('pods', podFromTemplate(replicaSet, replicaSet.spec.template))
  if (created.ok) {
    tell(store, replicaSet, 'SuccessfulCreate', `Created pod: ${created.value.metadata.name}`)
    return undefined
  }
  const { message } = created.error
  store.emitEvent({
    regarding: replicaSet,
    type: 'Warning',
    reason: 'FailedCreate',
    message: `Error creating: ${message}`,
    component: COMPONENT,
  })
  return message
}

function deletePod(store: Store, replicaSet: ReplicaSet, pod: Pod): void {
  const { namespace = '', name, uid } = pod.metadata
  const removed = store.remove('pods', namespace, name, { uid })
  if (removed.ok) tell(store, replicaSet, 'SuccessfulDelete', `Deleted pod: ${name}`)
}

function tell(store: Store, replicaSet: ReplicaSet, reason: string, message: string): void {
  store.emitEvent({ regarding: replicaSet, type: 'Normal', reason, message, component: COMPONENT })
}
