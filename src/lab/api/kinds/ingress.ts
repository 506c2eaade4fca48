import type { KubeObject } from '../store.ts'

/** A networking.k8s.io/v1 Ingress. */
export interface Ingress extends KubeObject {
  spec: IngressSpec
  status?: {
    loadBalancer?: { ingress?: { ip?: string; hostname?: string; ports?: unknown[] }[] }
  }
}

export interface IngressSpec {
  ingressClassName?: string
  defaultBackend?: IngressBackend
  rules?: IngressRule[]
  tls?: { hosts?: string[]; secretName?: string }[]
}

export interface IngressRule {
  /** Absent: any host. */
  host?: string
  http?: { paths: IngressPath[] }
}

export interface IngressPath {
  path?: string
  pathType?: 'Exact' | 'Prefix' | 'ImplementationSpecific'
  backend: IngressBackend
}

export interface IngressBackend {
  service?: { name: string; port?: { number?: number; name?: string } }
}
