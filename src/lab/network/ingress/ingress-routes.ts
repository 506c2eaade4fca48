import type { Ingress, IngressBackend, IngressPath } from '../../api/kinds/ingress.ts'
import type { Service } from '../../api/kinds/service.ts'
import type { Store } from '../../api/store.ts'
import type { Peer } from '../peer.ts'
import { peersWhere } from '../peer.ts'
import type { IngressProfile } from './profile.ts'

/** A host and a path, and the pods behind them. */
export interface Route {
  /** Absent: any host. `*.shop.test`: one label more. */
  readonly host?: string
  readonly path: string
  /** `element`: `/a` is `/a` and `/a/b`; `text`: it is `/ab` too, as controllers read ImplementationSpecific. */
  readonly match: 'exact' | 'element' | 'text' | 'default'
  readonly peers: readonly Peer[]
}

const MATCHES = { Exact: 'exact', Prefix: 'element', ImplementationSpecific: 'text' } as const

/** The routes of an Ingress with the pods that its controller takes; exact before prefix, long before short, the default last. */
export function ingressRoutes(
  store: Pick<Store, 'get' | 'list'>,
  ingress: Ingress,
  { takes, dropsEmptyRoutes }: Pick<IngressProfile, 'takes' | 'dropsEmptyRoutes'>,
): Route[] {
  const namespace = ingress.metadata.namespace ?? 'default'
  const { rules = [], defaultBackend } = ingress.spec
  const peersOf = (backend: IngressBackend) => backendPeers(store, namespace, backend, takes)
  const isThere = (backend: IngressBackend) =>
    dropsEmptyRoutes !== true ||
    backendPeers(store, namespace, backend, ({ serving }) => serving).length > 0
  const route = (
    host: string | undefined,
    { path = '/', pathType, backend }: IngressPath,
  ): Route => ({
    ...(host === undefined || host === '' ? {} : { host: host.toLowerCase() }),
    path,
    match: MATCHES[pathType ?? 'Prefix'],
    peers: peersOf(backend),
  })
  const routes = rules.flatMap(({ host, http }) =>
    (http?.paths ?? []).filter(({ backend }) => isThere(backend)).map((path) => route(host, path)),
  )
  routes.sort(
    (a, b) =>
      Number(b.match === 'exact') - Number(a.match === 'exact') || b.path.length - a.path.length,
  )
  if (defaultBackend && isThere(defaultBackend))
    routes.push({ path: '/', match: 'default', peers: peersOf(defaultBackend) })
  return routes
}

/**
 * The route of a request: of its host's rules if there are any, else of a wildcard's, else of those without a host;
 * when no path of them matches, the default backend.
 */
export function findRoute(
  routes: readonly Route[],
  hostHeader: string,
  url: string,
): Route | undefined {
  const path = url.split('?', 1)[0] ?? '/'
  const host = hostHeader.replace(/:\d+$/, '').toLowerCase()
  const rules = routes.filter(({ match }) => match !== 'default')
  const scope = [host, host.replace(/^[^.]+/, '*')].find((name) =>
    rules.some((rule) => rule.host === name),
  )
  return (
    rules.find((rule) => rule.host === scope && matchesPath(rule, path)) ??
    routes.find(({ match }) => match === 'default')
  )
}

function matchesPath(route: Route, path: string): boolean {
  if (route.match === 'exact') return path === route.path
  if (route.match === 'text') return path.startsWith(route.path)
  const prefix = route.path.replace(/\/$/, '')
  return path === prefix || path.startsWith(`${prefix}/`)
}

/** The pods behind a Service's port that a controller takes; none when there is no such Service. */
export function backendPeers(
  store: Pick<Store, 'get' | 'list'>,
  namespace: string,
  backend: IngressBackend,
  takes: IngressProfile['takes'],
): Peer[] {
  const { name = '', port: wanted } = backend.service ?? {}
  const service = store.get<Service>('services', namespace, name)
  const port = service?.spec.ports?.find((candidate) =>
    wanted?.name === undefined ? candidate.port === wanted?.number : candidate.name === wanted.name,
  )
  return service && port ? peersWhere(store, service, port, takes) : []
}
