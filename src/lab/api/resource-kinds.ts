import type { ResourceName } from './store.ts'
import { accessKinds } from './access-kinds.ts'
import { gatewayKinds } from './gateway-kinds.ts'

/** How a resource is spelled, and what the API offers for it. */
export interface ResourceKind {
  readonly resource: ResourceName
  readonly kind: string
  readonly singular: string
  readonly shortNames: readonly string[]
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly namespaced: boolean
  /** `kubectl get all` shows it. */
  readonly inAll: boolean
  readonly subresources: readonly Subresource[]
  /** Top-level fields whose change raises `metadata.generation`; none: the kind has no generation. */
  readonly generationOf: readonly string[]
}

export type Subresource = 'status' | 'scale' | 'log' | 'eviction' | 'token'

const core = { group: '', version: 'v1', namespaced: true, inAll: false, shortNames: [] }
const apps = { group: 'apps', version: 'v1', namespaced: true, inAll: true, generationOf: ['spec'] }

export const resourceKinds: readonly ResourceKind[] = [
  {
    ...core,
    resource: 'namespaces',
    kind: 'Namespace',
    singular: 'namespace',
    shortNames: ['ns'],
    namespaced: false,
    subresources: ['status'],
    generationOf: [],
  },
  {
    ...core,
    resource: 'nodes',
    kind: 'Node',
    singular: 'node',
    shortNames: ['no'],
    namespaced: false,
    subresources: ['status'],
    generationOf: [],
  },
  {
    ...core,
    resource: 'pods',
    kind: 'Pod',
    singular: 'pod',
    shortNames: ['po'],
    inAll: true,
    subresources: ['status', 'log', 'eviction'],
    generationOf: ['spec'],
  },
  {
    ...core,
    resource: 'services',
    kind: 'Service',
    singular: 'service',
    shortNames: ['svc'],
    inAll: true,
    subresources: ['status'],
    generationOf: [],
  },
  {
    ...core,
    resource: 'configmaps',
    kind: 'ConfigMap',
    singular: 'configmap',
    shortNames: ['cm'],
    subresources: [],
    generationOf: [],
  },
  {
    ...core,
    resource: 'secrets',
    kind: 'Secret',
    singular: 'secret',
    shortNames: [],
    subresources: [],
    generationOf: [],
  },
  {
    ...core,
    resource: 'endpoints',
    kind: 'Endpoints',
    singular: 'endpoints',
    shortNames: ['ep'],
    subresources: [],
    generationOf: [],
  },
  {
    ...core,
    resource: 'serviceaccounts',
    kind: 'ServiceAccount',
    singular: 'serviceaccount',
    shortNames: ['sa'],
    subresources: ['token'],
    generationOf: [],
  },
  {
    ...core,
    resource: 'events',
    kind: 'Event',
    singular: 'event',
    shortNames: ['ev'],
    subresources: [],
    generationOf: [],
  },
  {
    ...apps,
    resource: 'deployments',
    kind: 'Deployment',
    singular: 'deployment',
    shortNames: ['deploy'],
    subresources: ['status', 'scale'],
  },
  {
    ...apps,
    resource: 'replicasets',
    kind: 'ReplicaSet',
    singular: 'replicaset',
    shortNames: ['rs'],
    subresources: ['status', 'scale'],
  },
  {
    ...apps,
    resource: 'statefulsets',
    kind: 'StatefulSet',
    singular: 'statefulset',
    shortNames: ['sts'],
    subresources: ['status', 'scale'],
  },
  {
    ...apps,
    resource: 'daemonsets',
    kind: 'DaemonSet',
    singular: 'daemonset',
    shortNames: ['ds'],
    subresources: ['status'],
  },
  {
    ...apps,
    resource: 'controllerrevisions',
    kind: 'ControllerRevision',
    singular: 'controllerrevision',
    shortNames: [],
    inAll: false,
    subresources: [],
    generationOf: [],
  },
  {
    resource: 'endpointslices',
    kind: 'EndpointSlice',
    singular: 'endpointslice',
    shortNames: [],
    group: 'discovery.k8s.io',
    version: 'v1',
    namespaced: true,
    inAll: false,
    subresources: [],
    generationOf: ['endpoints', 'ports'],
  },
  {
    resource: 'ingresses',
    kind: 'Ingress',
    singular: 'ingress',
    shortNames: ['ing'],
    group: 'networking.k8s.io',
    version: 'v1',
    namespaced: true,
    inAll: false,
    subresources: ['status'],
    generationOf: ['spec'],
  },
  {
    resource: 'ingressclasses',
    kind: 'IngressClass',
    singular: 'ingressclass',
    shortNames: [],
    group: 'networking.k8s.io',
    version: 'v1',
    namespaced: false,
    inAll: false,
    subresources: [],
    generationOf: ['spec'],
  },
  {
    resource: 'jobs',
    kind: 'Job',
    singular: 'job',
    shortNames: [],
    group: 'batch',
    version: 'v1',
    namespaced: true,
    inAll: true,
    subresources: ['status'],
    generationOf: ['spec'],
  },
  {
    resource: 'poddisruptionbudgets',
    kind: 'PodDisruptionBudget',
    singular: 'poddisruptionbudget',
    shortNames: ['pdb'],
    group: 'policy',
    version: 'v1',
    namespaced: true,
    inAll: false,
    subresources: ['status'],
    generationOf: ['spec'],
  },
  ...accessKinds,
  ...gatewayKinds,
  // Kept, but nothing acts on it: the lab has no metrics.
  {
    resource: 'horizontalpodautoscalers',
    kind: 'HorizontalPodAutoscaler',
    singular: 'horizontalpodautoscaler',
    shortNames: ['hpa'],
    group: 'autoscaling',
    version: 'v2',
    namespaced: true,
    inAll: true,
    subresources: ['status'],
    generationOf: [],
  },
]

const byResource = new Map(resourceKinds.map((kind) => [kind.resource, kind]))

export function resourceKind(resource: ResourceName): ResourceKind {
  const kind = byResource.get(resource)
  if (!kind) throw new Error(`no such resource: ${resource}`)
  return kind
}

export const apiVersionOf = (kind: ResourceKind): string =>
  kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
