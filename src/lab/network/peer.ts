import type { Endpoint, EndpointSlice } from '../api/kinds/endpoint-slice.ts'
import type { Service, ServicePort } from '../api/kinds/service.ts'
import type { Store } from '../api/store.ts'

/** A pod that a proxy may connect to. */
export interface Peer {
  readonly pod: string
  readonly address: string
  readonly port: number
}

interface Candidate extends Peer {
  readonly conditions: Endpoint['conditions']
}

/** kube-proxy's choice: ready endpoints, or when there are none those that still serve (k8s-mechanics 3.3). */
export function servicePeers(
  store: Pick<Store, 'list'>,
  service: Service,
  port: ServicePort,
  isInScope: (endpoint: Endpoint) => boolean = () => true,
): Peer[] {
  const candidates = candidatesOf(store, service, port, isInScope)
  const ready = candidates.filter(({ conditions }) => conditions.ready)
  const fallback = candidates.filter(
    ({ conditions }) => conditions.serving && conditions.terminating,
  )
  return withoutDuplicates(ready.length > 0 ? ready : fallback)
}

/** The choice of an ingress controller that takes endpoints by their conditions alone. */
export function peersWhere(
  store: Pick<Store, 'list'>,
  service: Service,
  port: ServicePort,
  takes: (conditions: Endpoint['conditions']) => boolean,
): Peer[] {
  return withoutDuplicates(
    candidatesOf(store, service, port).filter(({ conditions }) => takes(conditions)),
  )
}

/** The service that a slice belongs to; the label says so, not the owner. */
export const serviceNameOf = (slice: EndpointSlice): string | undefined =>
  slice.metadata.labels?.['kubernetes.io/service-name']

/** The names of the pods behind a set of peers. */
export const podsOf = (peers: readonly Peer[]): string[] => peers.map(({ pod }) => pod).sort()

function candidatesOf(
  store: Pick<Store, 'list'>,
  service: Service,
  servicePort: ServicePort,
  isInScope: (endpoint: Endpoint) => boolean = () => true,
): Candidate[] {
  return store
    .list<EndpointSlice>('endpointslices', service.metadata.namespace)
    .filter((slice) => serviceNameOf(slice) === service.metadata.name)
    .flatMap((slice) => {
      const port = slice.ports.find(({ name }) => name === (servicePort.name ?? ''))?.port
      return port === undefined
        ? []
        : slice.endpoints.filter(isInScope).flatMap((endpoint) => candidates(endpoint, port))
    })
}

const candidates = (endpoint: Endpoint, port: number): Candidate[] =>
  endpoint.addresses.map((address) => ({
    pod: endpoint.targetRef?.name ?? '',
    address,
    port,
    conditions: endpoint.conditions,
  }))

/** While an endpoint moves between slices it is in both. */
function withoutDuplicates(peers: readonly Candidate[]): Peer[] {
  const byAddress = new Map(
    peers.map(({ pod, address, port }) => [address, { pod, address, port }]),
  )
  return [...byAddress.values()]
}
