import type { Problem } from '../../base/problem.ts'
import { type Result, succeed } from '../../base/result.ts'
import { concreteHost, noWay, type OwnServices, type Reached } from './reached.ts'
import type { RawLoadBalancer } from './service-address.ts'

interface RawBackend {
  readonly service?: { readonly name?: string }
}

/** The fields of a networking.k8s.io/v1 Ingress that are looked at. */
export interface RawIngress {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec: {
    readonly ingressClassName?: string
    readonly defaultBackend?: RawBackend
    readonly tls?: readonly { readonly hosts?: readonly string[] }[]
    readonly rules?: readonly {
      readonly host?: string
      readonly http?: { readonly paths?: readonly { readonly backend?: RawBackend }[] }
    }[]
  }
  readonly status?: { readonly loadBalancer?: RawLoadBalancer }
}

/** A host with the Services behind it; no host: any. */
interface Way {
  readonly host: string | undefined
  readonly services: readonly string[]
}

/** Names of all Services that an Ingress routes to. */
export const ingressServices = (ingress: RawIngress): readonly string[] => [
  ...new Set(waysOf(ingress).flatMap(({ services }) => services)),
]

/** The way through an Ingress: the host of a rule that leads to the workload, at the address that the controller has published. */
export function ingressAddress(
  ingress: RawIngress,
  name: string,
  own: OwnServices,
): Result<Reached, Problem> {
  const balanced = ingress.status?.loadBalancer?.ingress?.[0]
  const host = balanced?.ip ?? balanced?.hostname
  if (host === undefined)
    return noWay(
      `ingress/${name} has no address yet: its controller${classText(ingress)} has published none`,
    )
  const ways = waysOf(ingress).filter(({ services }) => services.length > 0)
  const way = ways.find(({ services }) => services.some((one) => own?.has(one) ?? true))
  if (!way) {
    const there = ingressServices(ingress).join(', ')
    return noWay(
      there === ''
        ? `ingress/${name} routes to no Service`
        : `ingress/${name} routes to ${there}, and no pod of the workload is behind that`,
      'name the Ingress whose backend is the Service of the workload',
    )
  }
  const ports = balanced?.ports?.map(({ port }) => port)
  const hostName = way.host === undefined ? undefined : concreteHost(way.host)
  const isTls = hasTls(ingress, way.host) && (ports?.includes(443) ?? true)
  return succeed({
    host,
    port: isTls ? 443 : (ports?.[0] ?? 80),
    ...(hostName !== undefined && { hostHeader: hostName }),
    ...(isTls && { serverName: hostName ?? host }),
    services: own ? way.services.filter((one) => own.has(one)) : way.services,
    whenUnreachable: `the address that ingress/${name} has in its status is not open to this machine, or the controller${classText(ingress)} does not serve ${hostName ?? 'it'} there: see kubectl describe ingress ${name}`,
  })
}

function waysOf({ spec }: RawIngress): readonly Way[] {
  const rules = (spec.rules ?? []).map(({ host, http }) => ({
    host: host === '' ? undefined : host,
    services: (http?.paths ?? []).flatMap(({ backend }) => backend?.service?.name ?? []),
  }))
  const whole = spec.defaultBackend?.service?.name
  return whole === undefined ? rules : [...rules, { host: rules[0]?.host, services: [whole] }]
}

/** A `tls` without hosts is for all of them. */
const hasTls = ({ spec }: RawIngress, host: string | undefined): boolean =>
  (spec.tls ?? []).some(({ hosts = [] }) => hosts.length === 0 || hosts.includes(host ?? ''))

function classText({ metadata, spec }: RawIngress): string {
  const name = spec.ingressClassName ?? metadata?.annotations?.['kubernetes.io/ingress.class']
  return name === undefined ? '' : ` of class ${name}`
}
