import type { KubeObject } from '../../api/store.ts'

/** A networking.k8s.io/v1 Ingress, with the fields that the lab reads. */
export interface Ingress extends KubeObject {
  spec: {
    defaultBackend?: IngressBackend
    rules?: { host?: string; http?: { paths: IngressPath[] } }[]
  }
}

export interface IngressPath {
  path?: string
  pathType?: 'Exact' | 'Prefix' | 'ImplementationSpecific'
  backend: IngressBackend
}

export interface IngressBackend {
  service?: { name: string; port?: { number?: number; name?: string } }
}
