import type { PolicyRule, RoleBinding, Role, Subject } from '../kinds/rbac.ts'
import type { KubeObject, Store } from '../store.ts'
import { RBAC_GROUP } from '../kinds/rbac.ts'
import { AUTHENTICATED, MASTERS, UNAUTHENTICATED } from './user.ts'
import { UNSTORED } from '../unstored.ts'

const READ = ['get', 'list', 'watch']
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update']

/** What `view`, `edit` and `admin` are about, of the kinds that the lab has. */
const VIEWED: readonly (readonly [group: string, resources: readonly string[]])[] = [
  [
    '',
    [
      'configmaps',
      'endpoints',
      'events',
      'namespaces',
      'pods',
      'pods/log',
      'pods/status',
      'serviceaccounts',
      'services',
      'services/status',
    ],
  ],
  ['discovery.k8s.io', ['endpointslices']],
  [
    'apps',
    [
      'daemonsets',
      'deployments',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
  ],
  ['autoscaling', ['horizontalpodautoscalers']],
  ['batch', ['cronjobs', 'jobs']],
  ['policy', ['poddisruptionbudgets']],
  ['networking.k8s.io', ['ingresses']],
]

const EDITED_GROUPS = new Set(['', 'apps', 'autoscaling', 'batch', 'policy', 'networking.k8s.io'])
const READ_ONLY = new Set(['endpoints', 'events', 'namespaces', 'pods/log'])

const viewRules: PolicyRule[] = VIEWED.map(([group, resources]) => ({
  verbs: READ,
  apiGroups: [group],
  resources,
}))

const editRules: PolicyRule[] = [
  { verbs: READ, apiGroups: [''], resources: ['secrets'] },
  { verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'] },
  { verbs: WRITE, apiGroups: [''], resources: ['secrets'] },
  { verbs: ['create'], apiGroups: [''], resources: ['pods/eviction', 'serviceaccounts/token'] },
  ...VIEWED.filter(([group]) => EDITED_GROUPS.has(group)).map(([group, resources]) => ({
    verbs: WRITE,
    apiGroups: [group],
    resources: resources.filter((one) => !READ_ONLY.has(one) && !one.endsWith('/status')),
  })),
  { verbs: [...WRITE, ...READ], apiGroups: ['coordination.k8s.io'], resources: ['leases'] },
  ...viewRules,
]

const adminRules: PolicyRule[] = [
  {
    verbs: [...WRITE, ...READ],
    apiGroups: [RBAC_GROUP],
    resources: ['rolebindings', 'roles'],
  },
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['localsubjectaccessreviews'],
  },
  ...editRules,
]

const get = (nonResourceURLs: string[]): PolicyRule => ({ verbs: ['get'], nonResourceURLs })
const ask = (group: string, resources: string[]): PolicyRule => ({
  verbs: ['create'],
  apiGroups: [group],
  resources,
})
const group = (name: string): Subject => ({ kind: 'Group', apiGroup: RBAC_GROUP, name })

const POLICY: readonly (readonly [name: string, rules: PolicyRule[], subjects?: Subject[]])[] = [
  [
    'cluster-admin',
    [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ],
    [group(MASTERS)],
  ],
  ['admin', adminRules],
  ['edit', editRules],
  ['view', viewRules],
  [
    'system:public-info-viewer',
    [get(['/healthz', '/livez', '/readyz', '/version', '/version/'])],
    [group(AUTHENTICATED), group(UNAUTHENTICATED)],
  ],
  [
    'system:discovery',
    [
      get([
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ]),
    ],
    [group(AUTHENTICATED)],
  ],
  [
    'system:basic-user',
    [
      ask('authorization.k8s.io', ['selfsubjectaccessreviews', 'selfsubjectrulesreviews']),
      ask('authentication.k8s.io', ['selfsubjectreviews']),
    ],
    [group(AUTHENTICATED)],
  ],
]

/** Marks what the API server makes itself. */
export const BOOTSTRAPPING = 'kubernetes.io/bootstrapping'

/** Writes the roles and bindings that every cluster has, as far as the lab's kinds go. */
export function bootstrapPolicy(store: Store): void {
  for (const [name, rules, subjects] of POLICY) {
    const role: Role = { ...bare('ClusterRole', name), rules }
    store.create('clusterroles', role)
    if (!subjects) continue
    const roleRef = { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name } as const
    const binding: RoleBinding = { ...bare('ClusterRoleBinding', name), subjects, roleRef }
    store.create('clusterrolebindings', binding)
  }
}

const bare = (kind: string, name: string): KubeObject => ({
  apiVersion: `${RBAC_GROUP}/v1`,
  kind,
  metadata: {
    name,
    ...UNSTORED,
    labels: { [BOOTSTRAPPING]: 'rbac-defaults' },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  },
})
