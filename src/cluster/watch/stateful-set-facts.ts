import type { StatefulSetFacts } from '../workload-change.ts'
import { type RawReplicated, replicatedFacts } from './workload-facts.ts'

/** The fields of an apps/v1 StatefulSet that are looked at. */
export interface RawStatefulSet extends RawReplicated {
  readonly spec: RawReplicated['spec'] & {
    readonly podManagementPolicy?: string
    readonly updateStrategy?: {
      readonly type?: string
      readonly rollingUpdate?: { readonly partition?: number }
    }
  }
  readonly status?: RawReplicated['status'] & {
    readonly currentRevision?: string
    readonly updateRevision?: string
  }
}

/** Projects a StatefulSet to the facts that matter for a rollout. */
export function statefulSetFacts(statefulSet: RawStatefulSet): StatefulSetFacts {
  const { spec, status } = statefulSet
  return {
    ...replicatedFacts(statefulSet),
    ...(status?.currentRevision !== undefined && { currentRevision: status.currentRevision }),
    ...(status?.updateRevision !== undefined && { updateRevision: status.updateRevision }),
    updateStrategy: spec.updateStrategy?.type ?? 'RollingUpdate',
    partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
    podManagementPolicy: spec.podManagementPolicy ?? 'OrderedReady',
  }
}
