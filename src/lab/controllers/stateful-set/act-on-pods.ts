import type { Pod } from '../../api/kinds/pod.ts'
import type { StatefulSet } from '../../api/kinds/stateful-set.ts'
import type { Store } from '../../api/store.ts'
import type { ControllerRevision } from '../../api/kinds/controller-revision.ts'
import { podFor } from './stateful-pod.ts'

const COMPONENT = 'statefulset-controller'

/** Creates the pod of an ordinal; true when it is there afterwards. */
export function createStatefulPod(
  store: Store,
  set: StatefulSet,
  revision: ControllerRevision,
  ordinal: number,
): boolean {
  const object = podFor(set, revision, ordinal)
  const created = store.create<Pod>('pods', object)
  tell(store, set, 'Create', object.metadata.name, created.ok ? undefined : created.error.message)
  return created.ok
}

/** Deletes a pod with its own grace. */
export function deleteStatefulPod(store: Store, set: StatefulSet, pod: Pod): void {
  const { namespace = '', name, uid } = pod.metadata
  const removed = store.remove('pods', namespace, name, { uid })
  tell(store, set, 'Delete', name, removed.ok ? undefined : removed.error.message)
}

/** Says that a pod which has ended is about to be made again. */
export function tellRecreation(store: Store, set: StatefulSet, pod: Pod): void {
  const isFailed = pod.status.phase === 'Failed'
  const { namespace = '', name } = set.metadata
  store.emitEvent({
    regarding: set,
    type: isFailed ? 'Warning' : 'Normal',
    reason: isFailed ? 'RecreatingFailedPod' : 'RecreatingTerminatedPod',
    message: `StatefulSet ${namespace}/${name} is recreating ${isFailed ? 'failed' : 'terminated'} Pod ${pod.metadata.name}`,
    component: COMPONENT,
  })
}

function tell(
  store: Store,
  set: StatefulSet,
  verb: 'Create' | 'Delete',
  pod: string,
  failure: string | undefined,
): void {
  const what = `${verb.toLowerCase()} Pod ${pod} in StatefulSet ${set.metadata.name}`
  store.emitEvent({
    regarding: set,
    type: failure === undefined ? 'Normal' : 'Warning',
    reason: `${failure === undefined ? 'Successful' : 'Failed'}${verb}`,
    message: failure === undefined ? `${what} successful` : `${what} failed error: ${failure}`,
    component: COMPONENT,
  })
}
