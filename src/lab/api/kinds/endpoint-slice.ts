import type { KubeObject } from '../store.ts'

/** A discovery.k8s.io/v1 EndpointSlice. */
export interface EndpointSlice extends KubeObject {
  addressType: 'IPv4'
  endpoints: Endpoint[]
  ports: EndpointPort[]
}

export interface Endpoint {
  addresses: string[]
  conditions: { ready: boolean; serving: boolean; terminating: boolean }
  nodeName?: string
  targetRef?: { kind: 'Pod'; name: string; namespace: string; uid: string }
}

export interface EndpointPort {
  /** The name of the service's port; empty when it has none. */
  name: string
  port: number
  protocol: string
  appProtocol?: string
}

/** SetDefaults_EndpointPort of Kubernetes' pkg/apis/discovery/v1/defaults.go. */
export function fillSliceDefaults(draft: KubeObject): void {
  const slice = draft as Omit<EndpointSlice, 'ports'> & { ports?: Partial<EndpointPort>[] }
  for (const port of slice.ports ?? []) {
    port.name ??= ''
    port.protocol ??= 'TCP'
  }
}
