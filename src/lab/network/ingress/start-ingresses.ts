import type { NetworkServices } from '../network-services.ts'
import { onSpecChange } from '../on-spec-change.ts'
import { podsOf } from '../peer.ts'
import type { Ingress } from '../../api/kinds/ingress.ts'
import { createIngressProxy } from './ingress-proxy.ts'
import type { IngressProxy } from './ingress-proxy.ts'
import { ingressRoutes } from './ingress-routes.ts'
import type { Route } from './ingress-routes.ts'
import { createNginxSync } from './nginx-sync.ts'

interface OpenIngress {
  readonly proxy: IngressProxy
  pods: string
}

/** Keeps an HTTP proxy for each Ingress, with the timing of ingress-nginx. Gives the way to stop. */
export function startIngresses(network: NetworkServices): () => void {
  const { store, truth } = network
  const open = new Map<string, OpenIngress>()
  const look = () =>
    store
      .list<Ingress>('ingresses')
      .map((ingress) => ({ ingress, routes: ingressRoutes(store, ingress) }))
  const apply = ({ ingress, routes }: { ingress: Ingress; routes: Route[] }) => {
    const entry = open.get(ingress.metadata.uid)
    if (!entry) return
    entry.proxy.setRoutes(routes)
    const pods = [...new Set(routes.flatMap(({ peers }) => podsOf(peers)))].sort()
    if (entry.pods === pods.join()) return
    entry.pods = pods.join()
    truth.record({ type: 'rules', where: 'ingress', name: ingress.metadata.name, pods })
  }
  const sync = createNginxSync(network.random.stream('ingress-sync'), look, (seen) => {
    seen.forEach(apply)
  })
  const stops = [
    store.watch<Ingress>(
      'ingresses',
      onSpecChange(({ type, object }) => {
        const { uid } = object.metadata
        if (type === 'ADDED') open.set(uid, { proxy: openProxy(network, object), pods: '' })
        if (type === 'DELETED') open.get(uid)?.proxy.close()
        if (type === 'DELETED') open.delete(uid)
        sync.request()
      }),
    ),
    store.watch(
      'services',
      onSpecChange(() => {
        sync.request()
      }),
    ),
    store.watch('endpointslices', () => {
      sync.request()
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    sync.close()
    for (const { proxy } of open.values()) proxy.close()
  }
}

function openProxy(
  { store, random, truth, labNumber }: NetworkServices,
  ingress: Ingress,
): IngressProxy {
  const { name, namespace = 'default' } = ingress.metadata
  return createIngressProxy({
    random: random.stream(`ingress/${name}`),
    labNumber,
    onAnswer: (answer) => {
      truth.record({ type: 'answer', where: 'ingress', ...answer })
    },
    onBound: ({ host, port }) => {
      store.change<Ingress>('ingresses', namespace, name, (draft) => {
        draft.status = {
          loadBalancer: { ingress: [{ ip: host, ports: [{ port, protocol: 'TCP' }] }] },
        }
      })
    },
  })
}
