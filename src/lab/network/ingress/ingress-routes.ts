import type { Service } from '../../api/kinds/service.ts'
import type { Store } from '../../api/store.ts'
import type { Peer } from '../peer.ts'
import { readyPeers } from '../peer.ts'
import type { Ingress, IngressBackend, IngressPath } from '../../api/kinds/ingress.ts'

/** A path and the pods behind it. */
export interface Route {
  readonly path: string
  readonly exact: boolean
  readonly peers: readonly Peer[]
}

/** The routes of an Ingress with their ready pods; exact before prefix, long before short, the default last. */
export function ingressRoutes(store: Pick<Store, 'get' | 'list'>, ingress: Ingress): Route[] {
  const namespace = ingress.metadata.namespace ?? 'default'
  const { rules = [], defaultBackend } = ingress.spec
  const route = ({ path = '/', pathType, backend }: IngressPath): Route => ({
    path,
    exact: pathType === 'Exact',
    peers: backendPeers(store, namespace, backend),
  })
  const routes = rules.flatMap((rule) => rule.http?.paths ?? []).map(route)
  routes.sort((a, b) => Number(b.exact) - Number(a.exact) || b.path.length - a.path.length)
  if (defaultBackend) routes.push(route({ path: '/', pathType: 'Prefix', backend: defaultBackend }))
  return routes
}

/** The first route that a request's path matches; prefixes match whole path elements. */
export function findRoute(routes: readonly Route[], url: string): Route | undefined {
  const path = url.split('?', 1)[0] ?? '/'
  return routes.find((route) => {
    if (route.exact) return path === route.path
    const prefix = route.path.replace(/\/$/, '')
    return path === prefix || path.startsWith(`${prefix}/`)
  })
}

function backendPeers(
  store: Pick<Store, 'get' | 'list'>,
  namespace: string,
  backend: IngressBackend,
): Peer[] {
  const { name = '', port: wanted } = backend.service ?? {}
  const service = store.get<Service>('services', namespace, name)
  const port = service?.spec.ports?.find((candidate) =>
    wanted?.name === undefined ? candidate.port === wanted?.number : candidate.name === wanted.name,
  )
  return service && port ? readyPeers(store, service, port) : []
}
