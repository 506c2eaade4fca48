import type { Pod } from '../../api/kinds/pod.ts'
import type { ReplicaSet, ReplicaSetStatus } from '../../api/kinds/replica-set.ts'
import { matchesSelector } from '../../api/matches-selector.ts'
import { availableAtMs, isReady } from '../pod-state.ts'
import { setCondition } from '../set-condition.ts'

const FAILURE = 'ReplicaFailure'

/** The status that follows from the active pods; `failure` says why pods could not be created. */
export function replicaSetStatus(
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  failure: string | undefined,
  nowMs: number,
): ReplicaSetStatus {
  const { minReadySeconds = 0, template } = replicaSet.spec
  const labels = template.metadata?.labels ?? {}
  const availableAt = pods.map((pod) => availableAtMs(pod, minReadySeconds))
  const earlier = replicaSet.status?.conditions ?? []
  const conditions = failure
    ? setCondition(earlier, {
        type: FAILURE,
        status: 'True',
        reason: 'FailedCreate',
        message: failure,
      })
    : earlier.filter(({ type }) => type !== FAILURE)
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) =>
      matchesSelector({ matchLabels: labels }, pod.metadata.labels),
    ).length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: availableAt.filter((atMs) => atMs !== undefined && atMs <= nowMs).length,
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...(conditions.length > 0 ? { conditions } : {}),
  }
}
