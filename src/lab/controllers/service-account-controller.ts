import type { Store } from '../api/store.ts'
import { UNSTORED } from '../api/unstored.ts'

const NAME = 'default'

/** Keeps a ServiceAccount `default` in every namespace that is not going away. Gives the way to stop. */
export function startServiceAccountController(store: Store): () => void {
  const ensure = (namespace: string) => {
    const current = store.get('namespaces', '', namespace)
    if (!current || current.metadata.deletionTimestamp !== undefined) return
    if (store.get('serviceaccounts', namespace, NAME)) return
    store.create('serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: NAME, namespace, ...UNSTORED },
    })
  }
  const unwatch = [
    store.watch('namespaces', ({ type, object }) => {
      if (type === 'ADDED') ensure(object.metadata.name)
    }),
    store.watch('serviceaccounts', ({ type, object }) => {
      if (type === 'DELETED') ensure(object.metadata.namespace ?? '')
    }),
  ]
  return () => {
    for (const stop of unwatch) stop()
  }
}
