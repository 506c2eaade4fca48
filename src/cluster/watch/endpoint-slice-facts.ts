import type { EndpointSliceFacts } from '../cluster-change.ts'
import type { RawObject } from './raw-object.ts'

/** The fields of a discovery.k8s.io/v1 EndpointSlice that are looked at. */
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
