import type { ResourceName, Store } from '../api/store.ts'
import { createSyncQueue } from './sync-queue.ts'

/** Owners before what they own, so that nothing is created again. */
const CONTENTS: readonly ResourceName[] = [
  'deployments',
  'jobs',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'services',
  'ingresses',
  'httproutes',
  'gateways',
  'pods',
  'endpointslices',
  'endpoints',
  'controllerrevisions',
  'configmaps',
  'poddisruptionbudgets',
  'leases',
  'horizontalpodautoscalers',
  'serviceaccounts',
  'events',
]

const FINALIZER = 'kubernetes'

/** Empties a namespace that is being deleted, and lets it go when nothing is left. Gives the way to stop. */
export function startNamespaceController(store: Store): () => void {
  const queue = createSyncQueue((name) => {
    empty(store, name)
  })
  const isTerminating = (name: string): boolean =>
    store.get('namespaces', '', name)?.metadata.deletionTimestamp !== undefined
  const unwatch = [
    store.watch('namespaces', ({ object }) => {
      if (isTerminating(object.metadata.name)) queue.add(object.metadata.name)
    }),
    ...CONTENTS.map((resource) =>
      store.watch(resource, ({ object }) => {
        const { namespace = '' } = object.metadata
        if (isTerminating(namespace)) queue.add(namespace)
      }),
    ),
  ]
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

function empty(store: Store, namespace: string): void {
  for (const resource of CONTENTS) {
    for (const { metadata } of store.list(resource, namespace)) {
      if (metadata.deletionTimestamp === undefined) store.remove(resource, namespace, metadata.name)
    }
  }
  if (CONTENTS.some((resource) => store.list(resource, namespace).length > 0)) return
  store.change('namespaces', '', namespace, (draft) => {
    draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((one) => one !== FINALIZER)
  })
}
