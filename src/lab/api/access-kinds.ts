import type { ResourceKind } from './resource-kinds.ts'

const rbac = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  inAll: false,
  shortNames: [],
  subresources: [],
  generationOf: [],
}

/** Who may do what, and the Leases that locks are made of. */
export const accessKinds: readonly ResourceKind[] = [
  { ...rbac, resource: 'roles', kind: 'Role', singular: 'role', namespaced: true },
  {
    ...rbac,
    resource: 'rolebindings',
    kind: 'RoleBinding',
    singular: 'rolebinding',
    namespaced: true,
  },
  {
    ...rbac,
    resource: 'clusterroles',
    kind: 'ClusterRole',
    singular: 'clusterrole',
    namespaced: false,
  },
  {
    ...rbac,
    resource: 'clusterrolebindings',
    kind: 'ClusterRoleBinding',
    singular: 'clusterrolebinding',
    namespaced: false,
  },
  {
    ...rbac,
    group: 'coordination.k8s.io',
    resource: 'leases',
    kind: 'Lease',
    singular: 'lease',
    namespaced: true,
  },
]
