import type { JsonObject } from '../../scenario/scenario.ts'
import type { Permission } from './required-permissions.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

const NAME = 'podtank'

/** A ServiceAccount with exactly these permissions: a Role, and a ClusterRole when something is cluster-wide. */
export function roleManifests(
  permissions: readonly Permission[],
  namespace: string,
): readonly JsonObject[] {
  const within = permissions.filter((one) => one.namespace !== undefined)
  const clusterWide = permissions.filter((one) => one.namespace === undefined)
  const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace }]
  const group = 'rbac.authorization.k8s.io'
  const apiVersion = `${group}/v1`
  const metadata = { name: NAME, namespace }
  const clusterMetadata = { name: `${NAME}-${namespace}` }
  const role: JsonObject[] = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion, kind: 'Role', metadata, rules: rulesOf(within) },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: 'Role', name: NAME },
      subjects,
    },
  ]
  if (clusterWide.length === 0) return role
  return [
    ...role,
    { apiVersion, kind: 'ClusterRole', metadata: clusterMetadata, rules: rulesOf(clusterWide) },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: clusterMetadata,
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: clusterMetadata.name },
      subjects,
    },
  ]
}

/** One rule for each resource and name, its verbs together. */
function rulesOf(permissions: readonly Permission[]): readonly Rule[] {
  const groups = Map.groupBy(permissions, ({ group, resource, name }) =>
    [group, resource, name ?? ''].join(' '),
  )
  return [...groups.values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const { group, resource, name } = first
    return [
      {
        apiGroups: [group],
        resources: [resource],
        ...(name !== undefined && { resourceNames: [name] }),
        verbs: [...new Set(same.map(({ verb }) => verb))],
      },
    ]
  })
}
