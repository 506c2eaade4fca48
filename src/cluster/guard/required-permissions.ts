import type { ClusterScenario, Step, WorkloadRef } from '../../scenario/scenario.ts'
import { leaseName } from '../restore/lease-object.ts'
import { WORKLOAD_RESOURCES } from '../restore/object-ref.ts'

/** One verb on one resource, as RBAC has it. */
export interface Permission {
  /** Empty: the core group. */
  readonly group: string
  /** With its subresource: `pods/eviction`. */
  readonly resource: string
  readonly verb: string
  /** Only this object; absent: any. */
  readonly name?: string
  /** Absent: cluster-wide. */
  readonly namespace?: string
  /** What it is for; the way back has its own. */
  readonly why: 'watch' | 'guard' | 'lock' | 'step' | 'restore' | 'address'
}

/** Steps that change the workload itself, and with it the annotation on it. */
const WORKLOAD_STEPS: ReadonlySet<Step['type']> = new Set([
  'scale',
  'restart',
  'image',
  'patch',
  'undo',
  'delete-workload',
])

/** Steps with a template that was not there before; undo goes back to one that was. */
const TEMPLATE_STEPS: ReadonlySet<Step['type']> = new Set(['restart', 'image', 'patch'])

type Place = Pick<ClusterScenario['changed'], 'workload' | 'through'>

/** Every verb that a run of the scenario uses on a cluster, its way back included; no more, and no less. */
export function requiredPermissions(
  { changed, steps }: Pick<ClusterScenario, 'changed' | 'steps'>,
  namespace: string,
  options: { readonly usesNodePort?: boolean } = {},
): readonly Permission[] {
  const types = new Set(steps.map(({ type }) => type))
  return [
    ...watching(changed.workload, namespace),
    ...locking(changed.workload, namespace),
    ...reaching(changed, namespace, options.usesNodePort ?? false),
    ...changing(changed.workload, namespace, types),
    ...onPods(namespace, types),
    ...onNodes(types),
  ]
}

function watching({ kind }: WorkloadRef, namespace: string): Permission[] {
  const why = 'watch'
  const list = (group: string, resource: string): Permission[] =>
    ['list', 'watch'].map((verb) => ({ group, resource, verb, namespace, why }))
  const owners = kind === 'deployment' ? ['replicasets'] : []
  return [
    ...list('', 'pods'),
    ...list('', 'events'),
    ...[WORKLOAD_RESOURCES[kind], ...owners].flatMap((resource) => list('apps', resource)),
    ...list('discovery.k8s.io', 'endpointslices'),
    {
      group: 'autoscaling',
      resource: 'horizontalpodautoscalers',
      verb: 'list',
      namespace,
      why: 'guard',
    },
    { group: 'apps', resource: WORKLOAD_RESOURCES[kind], verb: 'get', namespace, why: 'guard' },
  ]
}

function locking(workload: WorkloadRef, namespace: string): Permission[] {
  const lease = {
    group: 'coordination.k8s.io',
    resource: 'leases',
    namespace,
    why: 'lock',
  } as const
  const name = leaseName(workload)
  return [
    { ...lease, verb: 'create' },
    { ...lease, verb: 'list' },
    ...['get', 'patch', 'delete'].map((verb) => ({ ...lease, verb, name })),
  ]
}

function reaching({ through }: Place, namespace: string, usesNodePort: boolean): Permission[] {
  const nodes: Permission = { group: '', resource: 'nodes', verb: 'list', why: 'address' }
  const services = { group: '', resource: 'services', namespace, why: 'address' } as const
  const ingresses = {
    group: 'networking.k8s.io',
    resource: 'ingresses',
    namespace,
    why: 'address',
  } as const
  if (through.kind === 'url')
    return [{ ...services, verb: 'list' }, { ...ingresses, verb: 'list' }, nodes]
  const gateways = {
    group: 'gateway.networking.k8s.io',
    resource: 'gateways',
    namespace: (through.kind === 'gateway' ? through.namespace : undefined) ?? namespace,
    why: 'address',
  } as const
  const routes = { ...gateways, resource: 'httproutes', namespace } as const
  if (through.kind === 'gateway')
    return [
      { ...gateways, verb: 'get', name: through.name },
      { ...routes, verb: 'list' },
    ]
  // Which Gateway a route names is not known from here.
  if (through.kind === 'httproute')
    return [
      { ...gateways, verb: 'get' },
      { ...routes, verb: 'get', name: through.name },
    ]
  const own = through.kind === 'service' ? services : ingresses
  return [{ ...own, verb: 'get', name: through.name }, ...(usesNodePort ? [nodes] : [])]
}

function changing(
  { kind, name }: WorkloadRef,
  namespace: string,
  types: ReadonlySet<Step['type']>,
): Permission[] {
  if (![...types].some((type) => WORKLOAD_STEPS.has(type))) return []
  const workload = { group: 'apps', resource: WORKLOAD_RESOURCES[kind], namespace } as const
  const needed: Permission[] = [{ ...workload, verb: 'patch', name, why: 'restore' }]
  if (kind === 'deployment') {
    needed.push({
      group: 'apps',
      resource: 'replicasets',
      verb: 'patch',
      namespace,
      why: 'restore',
    })
  } else needed.push(...onRevisions(namespace, types))
  if (!types.has('delete-workload')) return needed
  const saved = { group: '', resource: 'configmaps', namespace, why: 'restore' } as const
  return [
    ...needed,
    { ...workload, verb: 'delete', name, why: 'step' },
    { ...workload, verb: 'create', why: 'restore' },
    ...['create', 'get', 'delete'].map((verb) => ({ ...saved, verb })),
  ]
}

/** The history of a StatefulSet or a DaemonSet: read to go back in it, and cleaned of copies of what restores. */
function onRevisions(namespace: string, types: ReadonlySet<Step['type']>): Permission[] {
  const revisions = { group: 'apps', resource: 'controllerrevisions', namespace } as const
  const makesRevision = [...types].some((type) => TEMPLATE_STEPS.has(type))
  return [
    { ...revisions, verb: 'list', why: 'restore' },
    ...(makesRevision ? [{ ...revisions, verb: 'patch', why: 'restore' } as const] : []),
  ]
}

function onPods(namespace: string, types: ReadonlySet<Step['type']>): Permission[] {
  const pods = { group: '', namespace, why: 'step' } as const
  return [
    ...(types.has('delete-pods') ? [{ ...pods, resource: 'pods', verb: 'delete' }] : []),
    ...(types.has('evict') || types.has('drain')
      ? [{ ...pods, resource: 'pods/eviction', verb: 'create' }]
      : []),
  ]
}

function onNodes(types: ReadonlySet<Step['type']>): Permission[] {
  if (!types.has('cordon') && !types.has('drain')) return []
  return ['get', 'patch'].map((verb) => ({ group: '', resource: 'nodes', verb, why: 'restore' }))
}
