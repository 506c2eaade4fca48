import type { KubeObject } from '../store.ts'

/** A core/v1 Service. */
export interface Service extends KubeObject {
  spec: ServiceSpec
}

export interface ServiceSpec {
  type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
  /** `None` for a headless service. */
  clusterIP?: string
  clusterIPs?: string[]
  externalIPs?: string[]
  selector?: Record<string, string>
  ports?: ServicePort[]
  publishNotReadyAddresses?: boolean
  sessionAffinity?: string
  sessionAffinityConfig?: { clientIP?: { timeoutSeconds?: number } }
  internalTrafficPolicy?: string
  externalTrafficPolicy?: string
  ipFamilies?: string[]
  ipFamilyPolicy?: string
}

export interface ServicePort {
  name?: string
  port: number
  targetPort?: number | string
  protocol?: string
  nodePort?: number
  appProtocol?: string
}
