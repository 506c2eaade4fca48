import type { EndpointSlice } from '../../api/kinds/endpoint-slice.ts'
import type { Endpoints, EndpointSubset } from '../../api/kinds/endpoints.ts'
import type { Service } from '../../api/kinds/service.ts'
import type { KubeObject, Store } from '../../api/store.ts'
import { splitKey } from '../object-key.ts'
import { createSyncQueue } from '../sync-queue.ts'
import { UNSTORED } from '../../api/unstored.ts'

const SERVICE_NAME = 'kubernetes.io/service-name'

/**
 * Keeps the deprecated Endpoints of each Service, which older clients read (k8s-mechanics 3.1). They follow the
 * EndpointSlices, so that both tell the same at about the same time. Gives the way to stop.
 */
export function startEndpointsController(store: Store): () => void {
  const queue = createSyncQueue((key) => {
    syncEndpoints(store, key)
  })
  const unwatch = [
    store.watch('services', ({ object: { metadata } }) => {
      queue.add(`${metadata.namespace ?? ''}/${metadata.name}`)
    }),
    store.watch('endpointslices', ({ object: { metadata } }) => {
      const service = metadata.labels?.[SERVICE_NAME]
      if (service) queue.add(`${metadata.namespace ?? ''}/${service}`)
    }),
  ]
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

function syncEndpoints(store: Store, key: string): void {
  const { namespace, name } = splitKey(key)
  const service = store.get<Service>('services', namespace, name)
  const current = store.get<Endpoints>('endpoints', namespace, name)
  if (!service) {
    if (current) store.remove('endpoints', namespace, name)
    return
  }
  if (!service.spec.selector) return
  const subsets = store
    .list<EndpointSlice>('endpointslices', namespace)
    .filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === name)
    .flatMap((slice) => subsetOf(slice, service.spec.publishNotReadyAddresses ?? false))
  if (current) {
    store.change<Endpoints>('endpoints', namespace, name, (draft) => {
      if (subsets.length > 0) draft.subsets = subsets
      else delete draft.subsets
    })
  } else store.create('endpoints', endpointsFor(service, subsets))
}

/** What terminates is left out, unless not ready addresses are published as well. */
function subsetOf(slice: EndpointSlice, publishNotReady: boolean): EndpointSubset[] {
  const shown = slice.endpoints.filter(
    ({ conditions }) => publishNotReady || !conditions.terminating,
  )
  if (shown.length === 0) return []
  const addresses = (ready: boolean) =>
    shown
      .filter(({ conditions }) => conditions.ready === ready)
      .flatMap(({ addresses: ips, nodeName, targetRef }) =>
        ips.map((ip) => ({
          ip,
          ...(nodeName ? { nodeName } : {}),
          ...(targetRef ? { targetRef } : {}),
        })),
      )
  const usable = addresses(true)
  const unready = addresses(false)
  return [
    {
      ...(usable.length > 0 ? { addresses: usable } : {}),
      ...(unready.length > 0 ? { notReadyAddresses: unready } : {}),
      ports: slice.ports.map(({ name, ...port }) => ({ ...(name ? { name } : {}), ...port })),
    },
  ]
}

function endpointsFor({ metadata }: Service, subsets: EndpointSubset[]): KubeObject {
  const object: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace ?? '',
      ...UNSTORED,
      ...(metadata.labels ? { labels: metadata.labels } : {}),
    },
    ...(subsets.length > 0 ? { subsets } : {}),
  }
  return object
}
