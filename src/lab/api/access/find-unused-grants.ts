import type { PolicyRule, RoleBinding } from '../kinds/rbac.ts'
import type { Store } from '../store.ts'
import type { AccessUse } from './access-log.ts'
import { BOOTSTRAPPING } from './bootstrap-policy.ts'
import { isSubject, roleOf } from './granted-rules.ts'
import { ruleMatches } from './rule-matches.ts'

/** One verb on one resource that a binding grants. */
export interface Grant {
  /** `RoleBinding shop/runner` */
  readonly binding: string
  readonly verb: string
  readonly group: string
  readonly resource: string
  /** When the rule names objects: one of them. */
  readonly name?: string
}

/** What bindings grant (those of the API server itself aside) and nobody ever used. */
export function findUnusedGrants(store: Store, uses: readonly AccessUse[]): Grant[] {
  const bindings = [
    ...store.list<RoleBinding>('clusterrolebindings'),
    ...store.list<RoleBinding>('rolebindings'),
  ].filter(({ metadata }) => metadata.labels?.[BOOTSTRAPPING] === undefined)
  return bindings.flatMap((binding) => {
    const own = uses.filter((use) => use.allowed && isBySubject(use, binding))
    const grants = (roleOf(store, binding)?.rules ?? []).flatMap((rule) => grantsOf(rule, binding))
    return grants.filter((grant) => !own.some((use) => ruleMatches(asRule(grant), use)))
  })
}

function isBySubject(use: AccessUse, binding: RoleBinding): boolean {
  const { namespace } = binding.metadata
  if (namespace !== undefined && namespace !== use.namespace) return false
  const user = { name: use.user, groups: use.groups }
  return binding.subjects?.some((subject) => isSubject(subject, user, binding)) ?? false
}

function grantsOf(rule: PolicyRule, { kind, metadata }: RoleBinding): Grant[] {
  const { name, namespace } = metadata
  const binding = `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`
  const names = rule.resourceNames?.length ? rule.resourceNames : [undefined]
  return (rule.apiGroups ?? []).flatMap((group) =>
    (rule.resources ?? []).flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        names.map((one) => ({
          binding,
          verb,
          group,
          resource,
          ...(one === undefined ? {} : { name: one }),
        })),
      ),
    ),
  )
}

const asRule = ({ verb, group, resource, name }: Grant): PolicyRule => ({
  verbs: [verb],
  apiGroups: [group],
  resources: [resource],
  ...(name === undefined ? {} : { resourceNames: [name] }),
})
