import type { PolicyRule, Role, RoleBinding, Subject } from '../kinds/rbac.ts'
import type { Store } from '../store.ts'
import type { User } from './user.ts'

/** A rule that a user has, and by what. */
export interface GrantedRule {
  readonly rule: PolicyRule
  /** For the reason of a decision: `RoleBinding "reader/shop" of Role "reader" to User "ann"`. */
  readonly by: string
}

export interface Grants {
  readonly rules: readonly GrantedRule[]
  /** Roles that bindings name and that are not there. */
  readonly missing: readonly string[]
}

/** Every rule that a user has, cluster-wide and, when one is given, in a namespace. */
export function grantedRules(store: Store, user: User, namespace?: string): Grants {
  const bindings = [
    ...store.list<RoleBinding>('clusterrolebindings'),
    ...(namespace ? store.list<RoleBinding>('rolebindings', namespace) : []),
  ]
  const rules: GrantedRule[] = []
  const missing: string[] = []
  for (const binding of bindings) {
    const subject = binding.subjects?.find((one) => isSubject(one, user, binding))
    if (!subject) continue
    const role = roleOf(store, binding)
    if (role) {
      const by = describeGrant(binding, subject)
      rules.push(...(role.rules ?? []).map((rule) => ({ rule, by })))
    } else {
      const { kind, name } = binding.roleRef
      missing.push(`${kind.toLowerCase()}.rbac.authorization.k8s.io "${name}" not found`)
    }
  }
  return { rules, missing }
}

/** The role that a binding names. */
export const roleOf = (store: Store, { roleRef, metadata }: RoleBinding): Role | undefined =>
  roleRef.kind === 'ClusterRole'
    ? store.get<Role>('clusterroles', '', roleRef.name)
    : store.get<Role>('roles', metadata.namespace ?? '', roleRef.name)

/** Whether a subject of a binding is this user. */
export function isSubject(subject: Subject, user: User, binding: RoleBinding): boolean {
  const { kind, name } = subject
  if (kind === 'User') return user.name === name
  if (kind === 'Group') return user.groups.includes(name)
  const namespace = subject.namespace ?? binding.metadata.namespace ?? ''
  return user.name === `system:serviceaccount:${namespace}:${name}`
}

function describeGrant({ kind, metadata, roleRef }: RoleBinding, subject: Subject): string {
  const { name, namespace } = metadata
  const binding = namespace === undefined ? name : `${name}/${namespace}`
  const account = subject.kind === 'ServiceAccount' && subject.namespace
  const who = account ? `${subject.name}/${account}` : subject.name
  return `${kind} "${binding}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${who}"`
}
