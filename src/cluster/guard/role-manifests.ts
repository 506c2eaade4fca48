import type { JsonObject } from '../../scenario/scenario.ts'
import type { Permission } from './required-permissions.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

const NAME = 'podtank'

/**
 * A ServiceAccount with exactly these permissions: a Role, one more in each other namespace (a Gateway that is shared), and
 * a ClusterRole when something is cluster-wide.
 */
export function roleManifests(
  permissions: readonly Permission[],
  namespace: string,
): readonly JsonObject[] {
  const account = { name: NAME, namespace }
  const roles = [...Map.groupBy(permissions, (one) => one.namespace)].flatMap(([where, some]) => {
    // A name of our namespace where others may have a Role for theirs.
    const name = where === namespace ? NAME : `${NAME}-${namespace}`
    return boundRole({ name, ...(where !== undefined && { namespace: where }) }, some, account)
  })
  return [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account }, ...roles]
}

/** A Role, or without a namespace a ClusterRole, and what gives it to the account. */
function boundRole(
  metadata: { readonly name: string; readonly namespace?: string },
  permissions: readonly Permission[],
  account: { readonly name: string; readonly namespace: string },
): readonly JsonObject[] {
  const group = 'rbac.authorization.k8s.io'
  const apiVersion = `${group}/v1`
  const kind = metadata.namespace === undefined ? 'ClusterRole' : 'Role'
  return [
    { apiVersion, kind, metadata, rules: rulesOf(permissions) },
    {
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: group, kind, name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', ...account }],
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
