import type { Gateway, HttpRoute, HttpRouteRule } from '../../api/kinds/gateway.ts'
import type { Store } from '../../api/store.ts'
import { backendPeers, type Route } from '../ingress/ingress-routes.ts'
import type { IngressProfile } from '../ingress/profile.ts'
import type { Peer } from '../peer.ts'
import { attachRoute, refsTo } from './attach-route.ts'

/** What the proxies of a Gateway serve, by their port; exact before prefix, long before short. */
export function gatewayRoutes(
  store: Pick<Store, 'get' | 'list'>,
  gateway: Gateway,
  takes: IngressProfile['takes'],
): ReadonlyMap<number, readonly Route[]> {
  const byPort = new Map<number, Route[]>()
  for (const route of store.list<HttpRoute>('httproutes')) {
    const taken = refsTo(gateway, route).flatMap((ref) => {
      const attached = attachRoute(gateway, route, ref)
      return 'reason' in attached ? [] : attached
    })
    for (const { listener, hosts } of taken) {
      const routes = byPort.get(listener.port) ?? []
      byPort.set(listener.port, routes)
      for (const rule of route.spec.rules ?? [{}]) {
        const peers = peersOf(store, route, rule, takes)
        for (const host of hosts) routes.push(...routesOf(host, rule, peers))
      }
    }
  }
  for (const routes of byPort.values()) {
    routes.sort(
      (a, b) =>
        Number(b.match === 'exact') - Number(a.match === 'exact') || b.path.length - a.path.length,
    )
  }
  return byPort
}

function routesOf(
  host: string | undefined,
  { matches = [{}] }: HttpRouteRule,
  peers: readonly Peer[],
): Route[] {
  return matches.map(({ path }) => ({
    ...(host !== undefined && { host: host.toLowerCase() }),
    path: path?.value ?? '/',
    match: path?.type === 'Exact' ? 'exact' : 'element',
    peers,
  }))
}

/** A Service of another namespace needs a ReferenceGrant, which the lab has not: it has no pods. */
function peersOf(
  store: Pick<Store, 'get' | 'list'>,
  { metadata: { namespace = 'default' } }: HttpRoute,
  { backendRefs = [] }: HttpRouteRule,
  takes: IngressProfile['takes'],
): Peer[] {
  return backendRefs
    .filter(
      (ref) =>
        (ref.group ?? '') === '' &&
        (ref.kind ?? 'Service') === 'Service' &&
        (ref.namespace ?? namespace) === namespace &&
        ref.weight !== 0,
    )
    .flatMap(({ name, port }) => {
      const service = { name, ...(port !== undefined && { port: { number: port } }) }
      return backendPeers(store, namespace, { service }, takes)
    })
}
