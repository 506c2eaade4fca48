import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { Through } from '../scenario/scenario.ts'
import { apiProblem, type ClusterConnection } from './connect.ts'
import { corePath, networkingPath } from './paths.ts'

/** Where the load is to go, and the Services on the way. */
export interface ResolvedAddress {
  /** An IP address. */
  readonly host: string
  readonly port: number
  readonly hostHeader: string
  /** Names of the Services whose EndpointSlices decide. */
  readonly services: readonly string[]
}

interface RawLoadBalancer {
  readonly ingress?: readonly {
    readonly ip?: string
    readonly hostname?: string
    readonly ports?: readonly { readonly port: number }[]
  }[]
}

interface RawService {
  readonly spec: {
    readonly type?: string
    readonly clusterIP?: string
    readonly ports?: readonly { readonly port: number; readonly nodePort?: number }[]
  }
  readonly status?: { readonly loadBalancer?: RawLoadBalancer }
}

interface RawBackend {
  readonly service?: { readonly name?: string }
}

interface RawIngress {
  readonly spec: {
    readonly defaultBackend?: RawBackend
    readonly rules?: readonly {
      readonly host?: string
      readonly http?: { readonly paths?: readonly { readonly backend?: RawBackend }[] }
    }[]
  }
  readonly status?: { readonly loadBalancer?: RawLoadBalancer }
}

/** Finds the address of a Service or an Ingress once, before the start; the load never looks it up again. */
export async function resolveAddress(
  connection: ClusterConnection,
  through: Exclude<Through, { kind: 'url' }>,
  namespace: string,
): Promise<Result<ResolvedAddress, Problem>> {
  const isService = through.kind === 'service'
  const path = isService
    ? corePath(namespace, 'services', through.name)
    : networkingPath(namespace, 'ingresses', through.name)
  const found = await connection.client.call({ method: 'GET', path })
  if (!found.ok) {
    return fail(apiProblem(found.error, `looking for ${through.kind}/${through.name}`))
  }
  return isService
    ? resolveService(connection, found.value as unknown as RawService, through.name)
    : resolveIngress(found.value as unknown as RawIngress, through.name)
}

async function resolveService(
  connection: ClusterConnection,
  service: RawService,
  name: string,
): Promise<Result<ResolvedAddress, Problem>> {
  const port = service.spec.ports?.[0]
  if (!port) return fail({ code: 'no-address', message: `service/${name} has no port` })
  const services = [name]
  const balanced = service.status?.loadBalancer?.ingress?.[0]
  const balancedHost = balanced?.ip ?? balanced?.hostname
  if (balancedHost !== undefined) {
    return pin(balancedHost, balanced?.ports?.[0]?.port ?? port.port, services)
  }
  if (port.nodePort !== undefined) {
    const node = await nodeAddress(connection)
    return node.ok ? pin(node.value, port.nodePort, services) : node
  }
  const { clusterIP } = service.spec
  if (clusterIP === undefined || clusterIP === '' || clusterIP === 'None') {
    return fail({
      code: 'no-address',
      message: `service/${name} has neither a load balancer's address, a node port nor a cluster IP`,
      hint: 'give the address yourself: through: http://…',
    })
  }
  return pin(clusterIP, port.port, services)
}

async function nodeAddress(connection: ClusterConnection): Promise<Result<string, Problem>> {
  const nodes = await connection.client.call({ method: 'GET', path: '/api/v1/nodes' })
  if (!nodes.ok) return fail(apiProblem(nodes.error, 'looking for a node to reach the node port'))
  const { items } = nodes.value as unknown as {
    items: readonly { status?: { addresses?: readonly { type: string; address: string }[] } }[]
  }
  const address = items
    .flatMap((node) => node.status?.addresses ?? [])
    .find((candidate) => candidate.type === 'InternalIP')
  return address
    ? succeed(address.address)
    : fail({
        code: 'no-address',
        message: 'no node has an InternalIP',
        hint: 'give the address yourself: through: http://…',
      })
}

async function resolveIngress(
  ingress: RawIngress,
  name: string,
): Promise<Result<ResolvedAddress, Problem>> {
  const balanced = ingress.status?.loadBalancer?.ingress?.[0]
  const host = balanced?.ip ?? balanced?.hostname
  if (host === undefined) {
    return fail({
      code: 'no-address',
      message: `ingress/${name} has no address yet: its controller has published none`,
      hint: 'give the address yourself: through: http://…',
    })
  }
  const rules = ingress.spec.rules ?? []
  const backends = [
    ingress.spec.defaultBackend,
    ...rules.flatMap((rule) => rule.http?.paths?.map((path) => path.backend) ?? []),
  ]
  const services = [...new Set(backends.flatMap((backend) => backend?.service?.name ?? []))]
  return pin(host, balanced?.ports?.[0]?.port ?? 80, services, rules[0]?.host)
}

async function pin(
  host: string,
  port: number,
  services: readonly string[],
  hostHeader?: string,
): Promise<Result<ResolvedAddress, Problem>> {
  const named = hostHeader ?? (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)
  if (isIP(host) !== 0) return succeed({ host, port, hostHeader: named, services })
  try {
    const { address } = await lookup(host)
    return succeed({ host: address, port, hostHeader: named, services })
  } catch (error) {
    return fail({
      code: 'dns',
      message: `the name ${host} cannot be resolved: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`,
    })
  }
}
