import type { KubeObject } from '../store.ts'

/** A networking.k8s.io/v1 IngressClass; it has no namespace. */
export interface IngressClass extends KubeObject {
  spec: { controller: string; parameters?: unknown }
}
