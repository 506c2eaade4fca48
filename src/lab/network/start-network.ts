import type { EndpointSlice } from '../api/kinds/endpoint-slice.ts'
import { startGateways } from './gateway/start-gateways.ts'
import { startIngresses } from './ingress/start-ingresses.ts'
import { startServiceNat } from './kernel/start-service-nat.ts'
import { watchConnections } from './kernel/watch-connections.ts'
import type { NetworkServices } from './network-services.ts'
import { serviceNameOf } from './peer.ts'
import { startServiceProxies } from './service/start-service-proxies.ts'

/** Starts what makes Services and Ingresses work, which learns from the store. Gives the way to stop, with the truth written. */
export function startNetwork(network: NetworkServices): () => Promise<void> {
  const isKernel = network.network === 'kernel'
  const startServices = isKernel ? startServiceNat : startServiceProxies
  const endTruth = isKernel ? watchConnections(network) : () => Promise.resolve()
  const stops = [
    noteSlices(network),
    startServices(network),
    startIngresses(network),
    startGateways(network),
  ]
  return async () => {
    for (const stop of stops) stop()
    await endTruth()
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
