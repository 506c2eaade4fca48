import type { ReplicatedFacts, WorkloadFacts } from '../workload-change.ts'
import type { RawObject } from './raw-object.ts'

/** The fields that every workload of apps/v1 has. */
export interface RawWorkload extends RawObject {
  readonly status?: { readonly observedGeneration?: number }
}

/** The fields of a workload whose pods are replicas: a Deployment, a StatefulSet. */
export interface RawReplicated extends RawWorkload {
  readonly spec: { readonly replicas?: number }
  readonly status?: RawWorkload['status'] & {
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
  }
}

/** Projects any workload to who it is and how far its controller has seen it. */
export function workloadFacts({ metadata, status }: RawWorkload): WorkloadFacts {
  return {
    name: metadata.name,
    uid: metadata.uid,
    generation: metadata.generation ?? 0,
    observedGeneration: status?.observedGeneration ?? 0,
  }
}

/** The same with the counts of its replicas. */
export function replicatedFacts(workload: RawReplicated): ReplicatedFacts {
  const { spec, status } = workload
  return {
    ...workloadFacts(workload),
    specReplicas: spec.replicas ?? 1,
    replicas: status?.replicas ?? 0,
    updatedReplicas: status?.updatedReplicas ?? 0,
    readyReplicas: status?.readyReplicas ?? 0,
    availableReplicas: status?.availableReplicas ?? 0,
  }
}
