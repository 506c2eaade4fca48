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
