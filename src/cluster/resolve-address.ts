import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { Through } from '../scenario/scenario.ts'
import { apiProblem, type ClusterConnection } from './connect.ts'
import type { Workload } from './find-workload.ts'
import { mayI } from './may-i.ts'
import { corePath, gatewayPath, networkingPath } from './paths.ts'
import { gatewayAddress } from './reach/gateway-address.ts'
import {
  gatewayOf,
  type RawGateway,
  type RawHttpRoute,
  routeServices,
} from './reach/gateway-objects.ts'
import { ingressAddress, ingressServices, type RawIngress } from './reach/ingress-address.ts'
import { nodesOfPods, type RawPod } from './reach/nodes-of-pods.ts'
import { ownServices } from './reach/own-services.ts'
import { noWay, type OwnServices, type Reached } from './reach/reached.ts'
import {
  needsNode,
  type RawNode,
  type RawService,
  serviceAddress,
} from './reach/service-address.ts'

/** Where the load is to go, and the Services on the way. */
export interface ResolvedAddress extends Omit<Reached, 'hostHeader'> {
  /** An IP address. */
  readonly host: string
  readonly hostHeader: string
}

type ByName = Exclude<Through, { kind: 'url' }>

/** Finds the address of a Service, an Ingress, a Gateway or an HTTPRoute once, before the start; the load never looks it up again. */
export async function resolveAddress(
  connection: ClusterConnection,
  through: ByName,
  workload: Pick<Workload, 'namespace' | 'selector'>,
): Promise<Result<ResolvedAddress, Problem>> {
  const reached = await reach(connection, through, workload)
  return reached.ok ? pin(reached.value) : reached
}

function reach(
  connection: ClusterConnection,
  through: ByName,
  workload: Pick<Workload, 'namespace' | 'selector'>,
): Promise<Result<Reached, Problem>> {
  switch (through.kind) {
    case 'service':
      return throughService(connection, through, workload)
    case 'ingress':
      return throughIngress(connection, through.name, workload)
    case 'gateway':
      return throughGateway(connection, through, workload)
    case 'httproute':
      return throughRoute(connection, through.name, workload)
  }
}

async function throughService(
  connection: ClusterConnection,
  { name, port }: Extract<Through, { kind: 'service' }>,
  workload: Pick<Workload, 'namespace' | 'selector'>,
): Promise<Result<Reached, Problem>> {
  const found = await read<RawService>(
    connection,
    `service/${name}`,
    corePath(workload.namespace, 'services', name),
  )
  if (!found.ok) return found
  if (!needsNode(found.value, port)) return serviceAddress(found.value, name, port)
  const nodes = await listNodes(connection, workload)
  return nodes.ok ? serviceAddress(found.value, name, port, nodes.value) : nodes
}

/** Who may see a namespace alone is told of the nodes by the pods on them. */
async function listNodes(
  connection: ClusterConnection,
  { namespace, selector }: Pick<Workload, 'namespace' | 'selector'>,
): Promise<Result<readonly RawNode[], Problem>> {
  const path = '/api/v1/nodes'
  if (await mayI(connection.client, { path, verbs: ['list'] }))
    return list<RawNode>(connection, 'nodes', path)
  const ofWorkload = `${corePath(namespace, 'pods')}?labelSelector=${encodeURIComponent(selector)}`
  const pods = await list<RawPod>(connection, 'the nodes of the pods', ofWorkload)
  return pods.ok ? succeed(nodesOfPods(pods.value)) : pods
}

async function throughIngress(
  connection: ClusterConnection,
  name: string,
  workload: Pick<Workload, 'namespace' | 'selector'>,
): Promise<Result<Reached, Problem>> {
  const path = networkingPath(workload.namespace, 'ingresses', name)
  const found = await read<RawIngress>(connection, `ingress/${name}`, path)
  if (!found.ok) return found
  const own = await ownOf(connection, workload, ingressServices(found.value))
  return ingressAddress(found.value, name, own)
}

async function throughGateway(
  connection: ClusterConnection,
  { name, namespace }: Extract<Through, { kind: 'gateway' }>,
  workload: Pick<Workload, 'namespace' | 'selector'>,
): Promise<Result<Reached, Problem>> {
  const gateway = await readGateway(connection, namespace ?? workload.namespace, name)
  if (!gateway.ok) return gateway
  const path = gatewayPath(workload.namespace, 'httproutes')
  const routes = await list<RawHttpRoute>(connection, 'httproutes', path)
  if (!routes.ok) return routes
  const full = `${gateway.value.metadata.namespace ?? ''}/${name}`
  const onIt = routes.value.filter((route) =>
    route.spec.parentRefs?.some((ref) => gatewayOf(ref, route) === full),
  )
  const own = await ownOf(connection, workload, onIt.flatMap(routeServices))
  return gatewayAddress(gateway.value, onIt, own)
}

async function throughRoute(
  connection: ClusterConnection,
  name: string,
  workload: Pick<Workload, 'namespace' | 'selector'>,
): Promise<Result<Reached, Problem>> {
  const path = gatewayPath(workload.namespace, 'httproutes', name)
  const route = await read<RawHttpRoute>(connection, `httproute/${name}`, path)
  if (!route.ok) return route
  const own = await ownOf(connection, workload, routeServices(route.value))
  const parents = (route.value.spec.parentRefs ?? []).flatMap(
    (ref) => gatewayOf(ref, route.value) ?? [],
  )
  let last = noWay(`httproute/${name} names no Gateway as its parent`)
  for (const full of new Set(parents)) {
    const [namespace = '', gatewayName = ''] = full.split('/')
    const gateway = await readGateway(connection, namespace, gatewayName)
    // Which Gateway a route names is not known to who makes the Role from the file.
    const hint = `write through: gateway/${full}; podtank manifests rbac then makes a Role in namespace ${namespace} too`
    if (!gateway.ok)
      return fail(gateway.error.code === 'forbidden' ? { ...gateway.error, hint } : gateway.error)
    const reached = gatewayAddress(gateway.value, [route.value], own)
    if (reached.ok) return reached
    last = reached
  }
  return last
}

const readGateway = (connection: ClusterConnection, namespace: string, name: string) =>
  read<RawGateway>(connection, `gateway/${name}`, gatewayPath(namespace, 'gateways', name))

/** Only where there is more than one Service is it a question which of them the workload is behind. */
async function ownOf(
  { client }: ClusterConnection,
  workload: Pick<Workload, 'namespace' | 'selector'>,
  services: readonly string[],
): Promise<OwnServices> {
  return new Set(services).size > 1 ? ownServices(client, workload) : undefined
}

async function read<Raw>(
  { client }: ClusterConnection,
  what: string,
  path: string,
): Promise<Result<Raw, Problem>> {
  const found = await client.call({ method: 'GET', path })
  if (found.ok) return succeed(found.value as Raw)
  const problem = apiProblem(found.error, `looking for ${what}`)
  const isGateway = path.includes('/gateway.networking.k8s.io/') && found.error.status === 404
  return fail(isGateway ? { ...problem, hint: NO_GATEWAY_API } : problem)
}

const NO_GATEWAY_API =
  'see kubectl get gateway,httproute -A; when that knows no such kinds, the cluster has no Gateway API: go through service/NAME or ingress/NAME'

async function list<Raw>(
  { client }: ClusterConnection,
  what: string,
  path: string,
): Promise<Result<readonly Raw[], Problem>> {
  const listed = await client.call({ method: 'GET', path })
  return listed.ok
    ? succeed((listed.value as unknown as { items: readonly Raw[] }).items)
    : fail(apiProblem(listed.error, `looking for ${what}`))
}

async function pin(reached: Reached): Promise<Result<ResolvedAddress, Problem>> {
  const { host, port } = reached
  const hostHeader =
    reached.hostHeader ?? (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)
  if (isIP(host) !== 0) return succeed({ ...reached, hostHeader })
  try {
    const { address } = await lookup(host)
    return succeed({ ...reached, host: address, hostHeader })
  } catch (error) {
    return fail({
      code: 'dns',
      message: `the name ${host} cannot be resolved: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`,
    })
  }
}
