import type { KubeObject } from '../store.ts'

/** A rbac/v1 PolicyRule; `*` stands for everything. */
export interface PolicyRule {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

/** A Role or a ClusterRole. */
export interface Role extends KubeObject {
  rules?: PolicyRule[] | null
}

export interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount'
  apiGroup?: string
  name: string
  namespace?: string
}

/** A RoleBinding or a ClusterRoleBinding. */
export interface RoleBinding extends KubeObject {
  subjects?: Subject[]
  roleRef: { apiGroup?: string; kind: 'Role' | 'ClusterRole'; name: string }
}

export const RBAC_GROUP = 'rbac.authorization.k8s.io'

/** What the API server fills in. */
export function fillBindingDefaults(binding: RoleBinding): void {
  const roleRef = binding.roleRef as Partial<RoleBinding['roleRef']> | undefined
  if (roleRef && !roleRef.apiGroup) roleRef.apiGroup = RBAC_GROUP
  for (const subject of binding.subjects ?? []) {
    if (subject.kind === 'ServiceAccount') {
      if (subject.apiGroup === '') delete subject.apiGroup
    } else if (!subject.apiGroup) subject.apiGroup = RBAC_GROUP
  }
}
