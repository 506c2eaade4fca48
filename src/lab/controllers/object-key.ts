import type { KubeObject } from '../api/store.ts'

/** `<namespace>/<name>`, the key of a namespaced object in a work queue. */
export const keyOf = (object: KubeObject): string =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name}`

export function splitKey(key: string): { namespace: string; name: string } {
  const [namespace = '', name = ''] = key.split('/')
  return { namespace, name }
}
