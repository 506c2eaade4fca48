import { isIP } from 'node:net'
import type { Problem } from '../../base/problem.ts'
import { type Result, succeed } from '../../base/result.ts'
import { noWay, type Reached } from './reached.ts'

export interface RawLoadBalancer {
  readonly ingress?: readonly {
    readonly ip?: string
    readonly hostname?: string
    readonly ports?: readonly { readonly port: number }[]
  }[]
}

interface RawPort {
  readonly name?: string
  readonly port: number
  readonly nodePort?: number
  readonly protocol?: string
}

/** The fields of a v1 Service that are looked at. */
export interface RawService {
  readonly spec: {
    readonly type?: string
    readonly clusterIP?: string
    readonly externalName?: string
    readonly externalTrafficPolicy?: string
    readonly ports?: readonly RawPort[]
  }
  readonly status?: { readonly loadBalancer?: RawLoadBalancer }
}

/** The fields of a v1 Node that are looked at. */
export interface RawNode {
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[]
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}

const OPEN_IT =
  'make it a Service of type NodePort or LoadBalancer, or give it an Ingress or an HTTPRoute, and name that; or give the address yourself: through: http://…. kubectl port-forward is no way: it holds on to one pod'

/** A node port needs the address of a node. */
export const needsNode = (service: RawService, wanted: string | undefined): boolean =>
  balancedHost(service) === undefined && portOf(service, wanted)?.nodePort !== undefined

/** The way to a Service: its load balancer, else its node port, else its cluster IP. `wanted`: a port's name or number. */
export function serviceAddress(
  service: RawService,
  name: string,
  wanted?: string,
  nodes: readonly RawNode[] = [],
): Result<Reached, Problem> {
  const { type, clusterIP, externalName, externalTrafficPolicy } = service.spec
  if (type === 'ExternalName')
    return noWay(
      `service/${name} is of type ExternalName: it stands for ${externalName ?? 'another name'}, and no pod is behind it`,
      'name the Service that selects the pods',
    )
  const port = portOf(service, wanted)
  if (!port) return noWay(noPort(service, name, wanted), 'name one of its ports: service/NAME:PORT')
  const services = [name]
  const balanced = service.status?.loadBalancer?.ingress?.[0]
  const host = balancedHost(service)
  if (host !== undefined) {
    const balancerPort = wanted === undefined ? balanced?.ports?.[0]?.port : undefined
    return succeed({
      host,
      port: balancerPort ?? port.port,
      services,
      whenUnreachable: `the load balancer of service/${name} does not let this machine in, or its health checks fail: see kubectl describe service ${name}`,
    })
  }
  if (port.nodePort !== undefined) {
    const address = nodeAddress(nodes)
    if (address === undefined) return noWay('no node has an InternalIP')
    return succeed({
      host: address,
      port: port.nodePort,
      services,
      ...(externalTrafficPolicy === 'Local' && {
        warnings: [
          `service/${name} has externalTrafficPolicy Local: node ${address} answers only while one of the pods runs on it`,
        ],
      }),
      whenUnreachable: `the node port of service/${name} is not open to this machine: a firewall or another network; give a node's address that is: through: http://…:${port.nodePort}`,
    })
  }
  if (clusterIP === undefined || clusterIP === '' || clusterIP === 'None')
    return noWay(
      `service/${name} has neither a load balancer's address, a node port nor a cluster IP`,
    )
  return succeed({
    host: clusterIP,
    port: port.port,
    services,
    whenUnreachable: `the cluster IP of service/${name} is known only within the cluster: ${OPEN_IT}`,
  })
}

function portOf({ spec }: RawService, wanted: string | undefined): RawPort | undefined {
  const ports = (spec.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP')
  if (wanted === undefined) return ports[0]
  return ports.find(({ name, port }) => name === wanted || String(port) === wanted)
}

function noPort({ spec }: RawService, name: string, wanted: string | undefined): string {
  if (wanted === undefined) return `service/${name} has no port`
  const there = (spec.ports ?? []).map((port) => port.name ?? String(port.port)).join(', ')
  return `service/${name} has no port ${wanted}; there are ${there === '' ? 'none' : there}`
}

const balancedHost = ({ status }: RawService): string | undefined => {
  const balanced = status?.loadBalancer?.ingress?.[0]
  return balanced?.ip ?? balanced?.hostname
}

/** Of a node that is ready, or of any when none says so. */
function nodeAddress(nodes: readonly RawNode[]): string | undefined {
  const ready = nodes.filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  )
  return [...ready, ...nodes]
    .flatMap((node) => node.status?.addresses ?? [])
    .find(({ type, address }) => type === 'InternalIP' && isIP(address) !== 0)?.address
}
