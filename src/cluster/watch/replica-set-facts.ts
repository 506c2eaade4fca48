import type { ReplicaSetFacts } from '../cluster-change.ts'
import type { RawObject } from './raw-object.ts'

/** The fields of an apps/v1 ReplicaSet that are looked at. */
export interface RawReplicaSet extends RawObject {
  readonly spec: { readonly replicas?: number }
  readonly status?: { readonly readyReplicas?: number }
}

/** Projects a ReplicaSet to whose it is and how many pods it has. */
export function replicaSetFacts({ metadata, spec, status }: RawReplicaSet): ReplicaSetFacts {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller === true)
  return {
    name: metadata.name,
    uid: metadata.uid,
    ...(owner && { ownerName: owner.name }),
    specReplicas: spec.replicas ?? 0,
    readyReplicas: status?.readyReplicas ?? 0,
  }
}
