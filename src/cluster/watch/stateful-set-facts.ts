import type { StatefulSetFacts } from '../workload-change.ts'
import type { RawObject } from './raw-object.ts'

/** The fields of an apps/v1 StatefulSet that are looked at. */
export interface RawStatefulSet extends RawObject {
  readonly spec: {
    readonly replicas?: number
    readonly podManagementPolicy?: string
    readonly updateStrategy?: {
      readonly type?: string
      readonly rollingUpdate?: { readonly partition?: number }
    }
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly currentRevision?: string
    readonly updateRevision?: string
  }
}

/** Projects a StatefulSet to the facts that matter for a rollout. */
export function statefulSetFacts({ metadata, spec, status }: RawStatefulSet): StatefulSetFacts {
  return {
    name: metadata.name,
    uid: metadata.uid,
    generation: metadata.generation ?? 0,
    observedGeneration: status?.observedGeneration ?? 0,
    specReplicas: spec.replicas ?? 1,
    replicas: status?.replicas ?? 0,
    updatedReplicas: status?.updatedReplicas ?? 0,
    readyReplicas: status?.readyReplicas ?? 0,
    availableReplicas: status?.availableReplicas ?? 0,
    ...(status?.currentRevision !== undefined && { currentRevision: status.currentRevision }),
    ...(status?.updateRevision !== undefined && { updateRevision: status.updateRevision }),
    updateStrategy: spec.updateStrategy?.type ?? 'RollingUpdate',
    partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
    podManagementPolicy: spec.podManagementPolicy ?? 'OrderedReady',
  }
}
