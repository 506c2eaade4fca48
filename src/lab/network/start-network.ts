import type { EndpointSlice } from '../api/kinds/endpoint-slice.ts'
import { startIngresses } from './ingress/start-ingresses.ts'
import { startServiceNat } from './kernel/start-service-nat.ts'
import type { NetworkServices } from './network-services.ts'
import { serviceNameOf } from './peer.ts'
import { startServiceProxies } from './service/start-service-proxies.ts'

/** Starts the proxies of Services and Ingresses, which learn from the store. Gives the way to stop. */
export function startNetwork(network: NetworkServices): () => void {
  const startServices = network.network === 'kernel' ? startServiceNat : startServiceProxies
  const stops = [noteSlices(network), startServices(network), startIngresses(network)]
  return () => {
    for (const stop of stops) stop()
  }
}

/** Writes down when an EndpointSlice's ready pods changed. */
function noteSlices({ store, truth }: NetworkServices): () => void {
  const readyPods = new Map<string, string>()
  return store.watch<EndpointSlice>('endpointslices', ({ type, object: slice }) => {
    const ready =
      type === 'DELETED' ? [] : slice.endpoints.filter(({ conditions }) => conditions.ready)
    const pods = ready.map(({ targetRef }) => targetRef?.name ?? '').sort()
    if (readyPods.get(slice.metadata.uid) === pods.join()) return
    readyPods.set(slice.metadata.uid, pods.join())
    const name = serviceNameOf(slice) ?? slice.metadata.name
    truth.record({ type: 'rules', where: 'slice', name, pods })
  })
}
