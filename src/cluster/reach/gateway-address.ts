import type { Problem } from '../../base/problem.ts'
import { type Result, succeed } from '../../base/result.ts'
import { type Attached, attachRoute } from './attach-route.ts'
import { type RawGateway, type RawHttpRoute, routeServices } from './gateway-objects.ts'
import { concreteHost, noWay, type OwnServices, type Reached } from './reached.ts'

/** The way through a Gateway: a listener with a route that leads to the workload, at the first address in the status. */
export function gatewayAddress(
  gateway: RawGateway,
  routes: readonly RawHttpRoute[],
  own: OwnServices,
): Result<Reached, Problem> {
  const { name } = gateway.metadata
  const looked = routes.map((route) => ({ route, attached: attachRoute(gateway, route) }))
  const attached = looked.filter(({ attached: { listener } }) => listener !== undefined)
  if (attached.length === 0) return noWay(noRoute(name, looked), 'see kubectl describe httproute')
  const way = attached.find(({ route }) =>
    routeServices(route).some((service) => own?.has(service) ?? true),
  )
  if (!way?.attached.listener) {
    const there = attached.flatMap(({ route }) => routeServices(route)).join(', ')
    const routed = attached.map(({ route }) => `httproute/${route.metadata.name}`).join(', ')
    return noWay(
      `${routed} on gateway/${name} leads to ${there === '' ? 'no Service' : there}, and no pod of the workload is behind that`,
      'name the Gateway or HTTPRoute whose backend is the Service of the workload',
    )
  }
  const address = gateway.status?.addresses?.[0]?.value
  if (address === undefined) return noWay(noAddress(gateway))
  return succeed(reached(gateway, way.route, way.attached, address, own))
}

function reached(
  { metadata: { name } }: RawGateway,
  route: RawHttpRoute,
  { listener, host }: Extract<Attached, { listener: object }>,
  address: string,
  own: OwnServices,
): Reached {
  const hostName = host === undefined ? undefined : concreteHost(host)
  const services = routeServices(route)
  return {
    host: address,
    port: listener.port,
    ...(hostName !== undefined && { hostHeader: hostName }),
    ...(listener.protocol === 'HTTPS' && { serverName: hostName ?? address }),
    services: own ? services.filter((one) => own.has(one)) : services,
    whenUnreachable: `the address that gateway/${name} has in its status is not open to this machine, or httproute/${route.metadata.name} does not take these requests: see kubectl describe gateway ${name}`,
  }
}

function noRoute(
  name: string,
  looked: readonly { readonly route: RawHttpRoute; readonly attached: Attached }[],
): string {
  const [first] = looked
  if (!first) return `no HTTPRoute names gateway/${name} as its parent`
  const reasons = looked.map(
    ({ route, attached }) => `httproute/${route.metadata.name} ${attached.why ?? ''}`,
  )
  return `no HTTPRoute is on gateway/${name}: ${reasons.join('; ')}`
}

function noAddress({ metadata: { name }, spec, status }: RawGateway): string {
  const bad = status?.conditions?.find(
    ({ type, status: is }) => /^(?:Accepted|Programmed)$/.test(type) && is === 'False',
  )
  const why = bad ? `: ${bad.type} is False, ${bad.message ?? bad.reason ?? ''}` : ''
  return `gateway/${name} has no address yet: the controller of class ${spec.gatewayClassName ?? '?'} has published none${why}`
}
