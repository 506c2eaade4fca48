import {
  gatewayOf,
  type RawGateway,
  type RawHttpRoute,
  type RawListener,
  type RawParentRef,
} from './gateway-objects.ts'

/** A listener that serves a route, and for which host; no host: any. Or why none does. */
export type Attached =
  | { readonly listener: RawListener; readonly host: string | undefined; readonly why?: undefined }
  | { readonly listener?: undefined; readonly why: string }

/**
 * Finds the listener of a Gateway that serves a route, as Gateway API has it: parentRefs with sectionName and port,
 * allowed kinds and namespaces, the hostnames that both have. What the controller says in the route's status counts more
 * than our own reading.
 */
export function attachRoute(gateway: RawGateway, route: RawHttpRoute): Attached {
  const full = `${gateway.metadata.namespace ?? ''}/${gateway.metadata.name}`
  const refs = (route.spec.parentRefs ?? []).filter((ref) => gatewayOf(ref, route) === full)
  if (refs.length === 0)
    return { why: `names another parent than gateway/${gateway.metadata.name}` }
  let why = ''
  for (const ref of refs) {
    const attached = attachRef(gateway, route, ref)
    if (attached.listener) return attached
    why = attached.why
  }
  return { why }
}

function attachRef(gateway: RawGateway, route: RawHttpRoute, ref: RawParentRef): Attached {
  const accepted = acceptedOf(route, ref)
  if (accepted?.status === 'False') {
    const { reason = 'not accepted', message } = accepted
    const more = message === undefined || message === '' ? '' : ` (${message})`
    return { why: `is not accepted: ${reason}${more}` }
  }
  const named = (gateway.spec.listeners ?? []).filter(
    ({ name, port }) =>
      (ref.sectionName ?? name) === name && (ref.port === undefined || ref.port === port),
  )
  if (named.length === 0)
    return {
      why: `names a listener that is not there: ${ref.sectionName ?? `port ${ref.port ?? '?'}`}`,
    }
  const spoken = named.filter(speaksHttp)
  if (spoken.length === 0)
    return {
      why: `is on a listener of protocol ${named[0]?.protocol ?? '?'}, which takes no HTTPRoute`,
    }
  const allowed = spoken.filter(
    (listener) => accepted?.status === 'True' || allows(listener, gateway, route),
  )
  if (allowed.length === 0)
    return { why: 'is of a namespace or kind that the listener does not allow (allowedRoutes)' }
  for (const listener of allowed) {
    const hosts = commonHosts(listener.hostname, route.spec.hostnames ?? [])
    if (hosts.length > 0) return { listener, host: hosts[0] }
  }
  return { why: 'has no hostname in common with the listener' }
}

function acceptedOf(route: RawHttpRoute, ref: RawParentRef) {
  const parent = route.status?.parents?.find(
    ({ parentRef }) =>
      gatewayOf(parentRef, route) === gatewayOf(ref, route) &&
      parentRef.sectionName === ref.sectionName &&
      parentRef.port === ref.port,
  )
  return parent?.conditions?.find(({ type }) => type === 'Accepted')
}

const speaksHttp = ({ protocol }: RawListener): boolean =>
  protocol === 'HTTP' || protocol === 'HTTPS'

/** A selector's namespaces are not read: without the controller's word such a route is not taken. */
function allows({ allowedRoutes }: RawListener, gateway: RawGateway, route: RawHttpRoute): boolean {
  const { namespaces, kinds = [] } = allowedRoutes ?? {}
  if (kinds.length > 0 && !kinds.some(({ kind }) => kind === 'HTTPRoute')) return false
  const from = namespaces?.from ?? 'Same'
  return from === 'All' || (from === 'Same' && isSameNamespace(gateway, route))
}

const isSameNamespace = (gateway: RawGateway, route: RawHttpRoute): boolean =>
  gateway.metadata.namespace === route.metadata.namespace

/** Hosts that a listener and a route both serve, the route's order; `[undefined]`: any host. */
function commonHosts(
  ofListener: string | undefined,
  ofRoute: readonly string[],
): readonly (string | undefined)[] {
  const listener = ofListener === '' ? undefined : ofListener
  if (ofRoute.length === 0) return [listener]
  if (listener === undefined) return ofRoute
  return ofRoute.flatMap((host) =>
    covers(listener, host) ? [host] : covers(host, listener) ? [listener] : [],
  )
}

/** `*.shop.test` covers one label more, and further ones, as Gateway API has it. */
const covers = (one: string, other: string): boolean =>
  one === other ||
  (one.startsWith('*.') && other.endsWith(one.slice(1)) && other.length >= one.length)
