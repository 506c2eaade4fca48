import type { Gateway, GatewayListener, HttpRoute, ParentRef } from '../../api/kinds/gateway.ts'

const GROUP = 'gateway.networking.k8s.io'

/** Why a route is not on any listener, as the condition Accepted has it. */
export interface Refused {
  readonly reason:
    'NoMatchingParent' | 'NotAllowedByListeners' | 'NoMatchingListenerHostname' | 'UnsupportedValue'
  readonly message: string
}

/** A listener that takes a route, and the hosts for which it does; undefined: any host. */
export interface Taken {
  readonly listener: GatewayListener
  readonly hosts: readonly (string | undefined)[]
}

/** A route's references to a Gateway. */
export const refsTo = (gateway: Gateway, { metadata, spec }: HttpRoute): readonly ParentRef[] =>
  (spec.parentRefs ?? []).filter(
    ({ group = GROUP, kind = 'Gateway', namespace = metadata.namespace, name }) =>
      group === GROUP &&
      kind === 'Gateway' &&
      namespace === gateway.metadata.namespace &&
      name === gateway.metadata.name,
  )

/** The listeners that take a route by one of its references, or why none does (Gateway API, ParentReference and Listener). */
export function attachRoute(
  gateway: Gateway,
  route: HttpRoute,
  ref: ParentRef,
): readonly Taken[] | Refused {
  const unsupported = unsupportedIn(route)
  if (unsupported !== undefined) return { reason: 'UnsupportedValue', message: unsupported }
  const named = (gateway.spec.listeners ?? []).filter(
    ({ name, port, protocol }) =>
      protocol === 'HTTP' &&
      (ref.sectionName ?? name) === name &&
      (ref.port === undefined || ref.port === port),
  )
  if (named.length === 0)
    return { reason: 'NoMatchingParent', message: 'no HTTP listener of that name and port' }
  const allowed = named.filter((listener) => allows(listener, gateway, route))
  if (allowed.length === 0)
    return { reason: 'NotAllowedByListeners', message: 'allowedRoutes leaves this route out' }
  const taken = allowed
    .map((listener) => ({
      listener,
      hosts: hostsOf(listener.hostname, route.spec.hostnames ?? []),
    }))
    .filter(({ hosts }) => hosts.length > 0)
  if (taken.length > 0) return taken
  return { reason: 'NoMatchingListenerHostname', message: 'no hostname in common' }
}

/** The lab's proxy knows hosts and paths; to take the rest and not do it would be a lie. */
function unsupportedIn({ spec }: HttpRoute): string | undefined {
  for (const { matches = [], filters = [], backendRefs = [] } of spec.rules ?? []) {
    if (filters.length > 0) return 'the lab has no filters'
    const isMore = matches.some(
      ({ headers = [], queryParams = [], method, path }) =>
        headers.length > 0 ||
        queryParams.length > 0 ||
        method !== undefined ||
        path?.type === 'RegularExpression',
    )
    if (isMore) return 'the lab matches hosts and paths alone'
    const weights = new Set(backendRefs.map(({ weight = 1 }) => weight).filter((one) => one > 0))
    if (weights.size > 1) return 'the lab has no weights but 0 and one other'
  }
  return undefined
}

function allows({ allowedRoutes }: GatewayListener, gateway: Gateway, route: HttpRoute): boolean {
  const { namespaces, kinds = [] } = allowedRoutes ?? {}
  if (kinds.length > 0 && !kinds.some(({ kind }) => kind === 'HTTPRoute')) return false
  const from = namespaces?.from ?? 'Same'
  return (
    from === 'All' || (from === 'Same' && gateway.metadata.namespace === route.metadata.namespace)
  )
}

function hostsOf(
  ofListener: string | undefined,
  ofRoute: readonly string[],
): readonly (string | undefined)[] {
  if (ofRoute.length === 0) return [ofListener]
  if (ofListener === undefined) return ofRoute
  return ofRoute.flatMap((host) =>
    covers(ofListener, host) ? [host] : covers(host, ofListener) ? [ofListener] : [],
  )
}

const covers = (one: string, other: string): boolean =>
  one === other || (one.startsWith('*.') && other.endsWith(one.slice(1)))
