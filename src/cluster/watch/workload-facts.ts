import type { EndpointSliceFacts, ReplicaSetFacts } from '../cluster-change.ts'
import type { DeploymentFacts } from '../workload-change.ts'
import type { RawObject } from './raw-object.ts'

/** The fields of an apps/v1 Deployment that are looked at. */
export interface RawDeployment extends RawObject {
  readonly spec: {
    readonly replicas?: number
    readonly strategy?: { readonly type?: string }
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly reason?: string
    }[]
  }
}

export interface RawReplicaSet extends RawObject {
  readonly spec: { readonly replicas?: number }
  readonly status?: { readonly readyReplicas?: number }
}

export interface RawEndpointSlice extends RawObject {
  readonly endpoints?:
    | readonly {
        readonly addresses?: readonly string[]
        readonly conditions?: {
          readonly ready?: boolean | null
          readonly serving?: boolean | null
          readonly terminating?: boolean | null
        }
        readonly targetRef?: {
          readonly kind?: string
          readonly name?: string
          readonly uid?: string
        }
      }[]
    | null
}

export function deploymentFacts({ metadata, spec, status }: RawDeployment): DeploymentFacts {
  const isDeadlineExceeded = status?.conditions?.some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  )
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
    strategy: spec.strategy?.type ?? 'RollingUpdate',
    ...(isDeadlineExceeded && { deadlineExceeded: true }),
  }
}

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

/** Absent conditions mean: ready, serving, not terminating (k8s-mechanics 3.2). */
export function endpointSliceFacts({ metadata, endpoints }: RawEndpointSlice): EndpointSliceFacts {
  return {
    name: metadata.name,
    service: metadata.labels?.['kubernetes.io/service-name'] ?? '',
    endpoints: (endpoints ?? []).map((endpoint) => ({
      address: endpoint.addresses?.[0] ?? '',
      ...(endpoint.targetRef?.kind === 'Pod' &&
        endpoint.targetRef.name !== undefined && { podName: endpoint.targetRef.name }),
      ...(endpoint.targetRef?.kind === 'Pod' &&
        endpoint.targetRef.uid !== undefined && { podUid: endpoint.targetRef.uid }),
      ready: endpoint.conditions?.ready ?? true,
      serving: endpoint.conditions?.serving ?? true,
      terminating: endpoint.conditions?.terminating ?? false,
    })),
  }
}
