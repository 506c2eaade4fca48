import type { KubeObject } from '../store.ts'

/** The core/v1 Endpoints of a Service, deprecated but still kept (k8s-mechanics 3.1); it knows of no termination. */
export interface Endpoints extends KubeObject {
  subsets?: EndpointSubset[]
}

export interface EndpointSubset {
  addresses?: EndpointAddress[]
  notReadyAddresses?: EndpointAddress[]
  ports?: { name?: string; port: number; protocol: string; appProtocol?: string }[]
}

export interface EndpointAddress {
  ip: string
  nodeName?: string
  targetRef?: { kind: 'Pod'; name: string; namespace: string; uid: string }
}
