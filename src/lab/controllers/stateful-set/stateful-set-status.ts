import type { ControllerRevision } from '../../api/kinds/controller-revision.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { StatefulSet, StatefulSetStatus } from '../../api/kinds/stateful-set.ts'
import { isAvailable, isRunningAndReady, isTerminating, revisionOf } from './stateful-pod.ts'

/** The two revisions that the pods of a set can be made of. */
export interface Revisions {
  /** Of what is not updated yet; the same as `update` when nothing is under way. */
  readonly current: ControllerRevision
  readonly update: ControllerRevision
}

/** The status that follows from the pods. A finished rolling update makes the update revision the current one. */
export function statefulSetStatus(
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update }: Revisions,
  nowMs: number,
): StatefulSetStatus {
  const living = pods.filter((pod) => !isTerminating(pod))
  const count = (of: readonly Pod[], holds: (pod: Pod) => boolean) => of.filter(holds).length
  const status = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: count(pods, isRunningAndReady),
    availableReplicas: count(pods, (pod) => isAvailable(pod, set, nowMs)),
    currentReplicas: count(living, (pod) => revisionOf(pod) === current.metadata.name),
    updatedReplicas: count(living, (pod) => revisionOf(pod) === update.metadata.name),
    currentRevision: current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: 0,
  }
  const isUpdated =
    set.spec.updateStrategy?.type !== 'OnDelete' &&
    status.updatedReplicas === status.replicas &&
    status.readyReplicas === status.replicas
  return isUpdated
    ? {
        ...status,
        currentReplicas: status.updatedReplicas,
        currentRevision: status.updateRevision,
      }
    : status
}
