import type { JsonObject } from '../../scenario/scenario.ts'

interface RawBalancer {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[]
  }
}

export interface RawService {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly selector?: Readonly<Record<string, string>>
    readonly clusterIP?: string
    readonly clusterIPs?: readonly string[]
    readonly externalIPs?: readonly string[]
    readonly ports?: readonly { readonly port: number; readonly nodePort?: number }[]
  }
  readonly status?: RawBalancer
}

interface RawBackend {
  readonly service?: { readonly name?: string }
}

export interface RawIngress {
  readonly spec: {
    readonly defaultBackend?: RawBackend
    readonly rules?: readonly {
      readonly host?: string
      readonly http?: { readonly paths?: readonly { readonly backend?: RawBackend }[] }
    }[]
  }
  readonly status?: RawBalancer
}

/** Every way on which requests reach pods with these labels: `ADDRESS:PORT`, `ADDRESS:*`, `host:NAME`. */
export function waysTo(
  podLabels: Readonly<Record<string, string>>,
  seen: {
    readonly services: readonly RawService[]
    readonly ingresses: readonly RawIngress[]
    readonly nodes: readonly JsonObject[]
  },
): readonly string[] {
  const services = seen.services.filter(({ spec }) => selects(spec.selector, podLabels))
  const names = new Set(services.map(({ metadata }) => metadata.name))
  const nodeIps = seen.nodes.flatMap(addressesOf)
  return [
    ...services.flatMap((service) => waysOfService(service, nodeIps)),
    ...seen.ingresses.flatMap((ingress) => waysOfIngress(ingress, names)),
  ]
}

function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(selector ?? {})
  return entries.length > 0 && entries.every(([name, value]) => labels[name] === value)
}

function waysOfService({ spec, status }: RawService, nodeIps: readonly string[]): string[] {
  const own = [spec.clusterIP, ...(spec.clusterIPs ?? []), ...(spec.externalIPs ?? [])]
  const ports = spec.ports ?? []
  return [
    ...balancerWays(status),
    ...own
      .filter((ip) => ip !== undefined && ip !== '' && ip !== 'None')
      .flatMap((ip) => ports.map(({ port }) => `${ip}:${port}`)),
    ...ports.flatMap(({ nodePort }) =>
      nodePort === undefined ? [] : nodeIps.map((ip) => `${ip}:${nodePort}`),
    ),
  ]
}

function waysOfIngress({ spec, status }: RawIngress, services: ReadonlySet<string>): string[] {
  const rules = (spec.rules ?? []).filter((rule) =>
    rule.http?.paths?.some(({ backend }) => services.has(backend?.service?.name ?? '')),
  )
  const isDefault = services.has(spec.defaultBackend?.service?.name ?? '')
  const hosts = rules.flatMap(({ host }) => (host === undefined ? [] : [`host:${host}`]))
  // Without a host, whatever comes to the controller's address is this application's.
  const isWhole = isDefault || rules.some(({ host }) => host === undefined)
  return [...hosts, ...(isWhole ? balancerWays(status) : [])]
}

const balancerWays = (status: RawBalancer | undefined): string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => [
    ...(ip === undefined ? [] : [`${ip}:*`]),
    ...(hostname === undefined ? [] : [`host:${hostname}`]),
  ])

function addressesOf(node: JsonObject): string[] {
  const { status } = node as { status?: { addresses?: readonly { address: string }[] } }
  return (status?.addresses ?? []).map(({ address }) => address)
}
