import type { Service, ServicePort } from '../../api/kinds/service.ts'
import type { Store } from '../../api/store.ts'
import { servicePeers } from '../peer.ts'
import type { Peer } from '../peer.ts'

/** One port of a Service as kube-proxy sees it. */
export interface PortRules {
  readonly service: Service
  readonly port: ServicePort
  /** For its cluster IP. */
  readonly internal: Destination
  /** For its node port. */
  readonly external: Destination
}

/** Where new connections go. */
export interface Destination {
  readonly peers: readonly Peer[]
  /** What happens to them while there are no peers (k8s-mechanics 3.3). */
  readonly withoutPeers: 'reject' | 'drop'
}

/** What kube-proxy would program for the ports of all Services that have a cluster IP. */
export function serviceRules(store: Pick<Store, 'list'>): PortRules[] {
  return store
    .list<Service>('services')
    .filter(({ spec }) => spec.type !== 'ExternalName' && (spec.clusterIP ?? 'None') !== 'None')
    .flatMap((service) =>
      (service.spec.ports ?? [])
        .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
        .map((port) => rulesOf(store, service, port)),
    )
}

/** Every node of the lab is this machine, so an endpoint is local when it is on a node at all. */
function rulesOf(store: Pick<Store, 'list'>, service: Service, port: ServicePort): PortRules {
  const cluster = servicePeers(store, service, port)
  const local = servicePeers(store, service, port, ({ nodeName }) => nodeName !== undefined)
  const destination = (policy: unknown): Destination =>
    policy === 'Local'
      ? { peers: local, withoutPeers: cluster.length > 0 ? 'drop' : 'reject' }
      : { peers: cluster, withoutPeers: 'reject' }
  const { internalTrafficPolicy, externalTrafficPolicy } = service.spec
  return {
    service,
    port,
    internal: destination(internalTrafficPolicy),
    external: destination(externalTrafficPolicy),
  }
}
