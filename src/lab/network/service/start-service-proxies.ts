import type { Service, ServicePort } from '../../api/kinds/service.ts'
import type { ListenAddress } from '../listen-on-first.ts'
import type { NetworkServices } from '../network-services.ts'
import { onSpecChange } from '../on-spec-change.ts'
import { podsOf, servicePeers } from '../peer.ts'
import { createSyncLimiter } from '../sync-limiter.ts'
import { createServiceListener } from './service-listener.ts'
import type { ServiceListener } from './service-listener.ts'

/** kube-proxy's minSyncPeriod (k8s-mechanics 3.3). */
const MIN_SYNC_PERIOD_MS = 1000

/** One proxied port, and the pods that its rules name. */
interface Proxy {
  readonly listener: ServiceListener
  pods: string
}

/** Keeps a TCP proxy for each port of each Service, with kube-proxy's timing. Gives the way to stop. */
export function startServiceProxies(network: NetworkServices): () => void {
  const { store } = network
  const proxies = new Map<string, Proxy>()
  const sync = () => {
    const wanted = new Set<string>()
    for (const service of store.list<Service>('services').filter(isProxied)) {
      for (const port of service.spec.ports ?? []) {
        const key = `${service.metadata.uid}/${String(port.port)}`
        wanted.add(key)
        const proxy = proxies.get(key) ?? {
          listener: openListener(network, service, port),
          pods: '',
        }
        proxies.set(key, proxy)
        updatePeers(network, proxy, service, port)
      }
    }
    for (const [key, { listener }] of proxies) {
      if (wanted.has(key)) continue
      listener.close()
      proxies.delete(key)
    }
  }
  const limiter = createSyncLimiter(MIN_SYNC_PERIOD_MS, sync)
  const stops = [
    store.watch(
      'services',
      onSpecChange(() => {
        limiter.request()
      }),
    ),
    store.watch('endpointslices', () => {
      limiter.request()
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    limiter.close()
    for (const { listener } of proxies.values()) listener.close()
  }
}

const isProxied = ({ spec }: Service): boolean =>
  spec.type !== 'ExternalName' && spec.clusterIP !== undefined && spec.clusterIP !== 'None'

function updatePeers(
  { store, truth }: NetworkServices,
  proxy: Proxy,
  service: Service,
  port: ServicePort,
): void {
  const peers = servicePeers(store, service, port)
  const pods = podsOf(peers)
  if (proxy.pods === pods.join()) return
  proxy.pods = pods.join()
  proxy.listener.setPeers(peers)
  truth.record({ type: 'rules', where: 'service', name: service.metadata.name, pods })
}

function openListener(
  { store, random, truth, addresses }: NetworkServices,
  service: Service,
  port: ServicePort,
): ServiceListener {
  const { name, namespace = 'default' } = service.metadata
  return createServiceListener({
    host: addresses.serviceHost(service.spec.clusterIP ?? ''),
    port: port.port,
    random: random.stream(`service/${name}`),
    onCut: (cut) => {
      truth.record({ type: 'cut', where: 'service', ...cut })
    },
    onBound: (address) => {
      store.change<Service>('services', namespace, name, (draft) => {
        publishAddress(draft, port, address)
      })
    },
  })
}

interface BoundStatus {
  loadBalancer: { ingress?: { ip: string; ports: { port: number; protocol: 'TCP' }[] }[] }
}

/** `status.loadBalancer.ingress[0].ports` has the real ports in the order of `spec.ports`. */
function publishAddress(draft: Service, { port }: ServicePort, address: ListenAddress): void {
  const ports = draft.spec.ports ?? []
  const known = (draft.status as BoundStatus | undefined)?.loadBalancer.ingress?.[0]?.ports
  const bound = ports.map((one, index) => ({
    port: one.port === port ? address.port : (known?.[index]?.port ?? one.port),
    protocol: 'TCP' as const,
  }))
  draft.status = { loadBalancer: { ingress: [{ ip: address.host, ports: bound }] } }
}
