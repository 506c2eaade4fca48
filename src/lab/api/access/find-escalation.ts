import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { ApiError } from '../api-error.ts'
import type { PolicyRule, Role, RoleBinding } from '../kinds/rbac.ts'
import type { Route } from '../parse-route.ts'
import type { KubeObject } from '../store.ts'
import { roleOf } from './granted-rules.ts'
import { ruleMatches } from './rule-matches.ts'
import type { User } from './user.ts'
import { MASTERS } from './user.ts'

/**
 * Nobody grants what he does not hold: the refusal of a role or binding that would, unless its author may `escalate`
 * or `bind`. Undefined: it may be written.
 */
export function findEscalation(
  { access, store }: ApiContext,
  { kind, namespace, name }: Route,
  { user }: ApiRequest,
  next: KubeObject,
): ApiError | undefined {
  const { resource, group } = kind
  if (!access.enforced || !user || user.groups.includes(MASTERS)) return undefined
  const isRole = resource === 'roles' || resource === 'clusterroles'
  if (!isRole && resource !== 'rolebindings' && resource !== 'clusterrolebindings') return undefined
  const binding = next as RoleBinding
  const permit = isRole
    ? { verb: 'escalate', group, resource, name: next.metadata.name }
    : {
        verb: 'bind',
        group,
        resource: binding.roleRef.kind === 'Role' ? 'roles' : 'clusterroles',
        name: binding.roleRef.name,
      }
  const where = namespace === undefined ? {} : { namespace }
  if (access.decide(user, { ...permit, ...where }).allowed) return undefined
  const role = isRole ? (next as Role) : roleOf(store, binding)
  const held = access.rulesOf(user, namespace)
  const excess = (role?.rules ?? []).flatMap(singleRules).filter((rule) => !isHeld(rule, held))
  if (excess.length === 0) return undefined
  const about = name ?? next.metadata.name
  return {
    reason: 'Forbidden',
    message:
      `${resource}.${group} "${about}" is forbidden: user ${describeUser(user)} ` +
      `is attempting to grant RBAC permissions not currently held:\n${describeRules(excess)}`,
    details: { name: about, group, kind: resource },
  }
}

/** A rule as many rules of one verb, group and resource each. */
function singleRules(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  const names = resourceNames.length === 0 ? [undefined] : resourceNames
  return verbs.flatMap((verb) => [
    ...nonResourceURLs.map((url) => ({ verbs: [verb], nonResourceURLs: [url] })),
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        names.map((name) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(name === undefined ? {} : { resourceNames: [name] }),
        })),
      ),
    ),
  ])
}

function isHeld(rule: PolicyRule, held: readonly PolicyRule[]): boolean {
  const [verb = ''] = rule.verbs
  const [path] = rule.nonResourceURLs ?? []
  if (path !== undefined) return held.some((one) => ruleMatches(one, { verb, path }))
  const [group = ''] = rule.apiGroups ?? []
  const [resource = ''] = rule.resources ?? []
  const [name] = rule.resourceNames ?? []
  const asked = { verb, group, resource, ...(name === undefined ? {} : { name }) }
  return held.some((one) => ruleMatches(one, asked))
}

const quoted = (values: readonly string[]): string =>
  `[${values.map((value) => JSON.stringify(value)).join(' ')}]`

const describeUser = ({ name, groups }: User): string =>
  `${JSON.stringify(name)} (groups=${quoted(groups)})`

/** One line for each group and resource, with all of its verbs. */
function describeRules(rules: readonly PolicyRule[]): string {
  const verbsOf = new Map<string, string[]>()
  for (const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } of rules) {
    const what = nonResourceURLs
      ? `NonResourceURLs:${listed(nonResourceURLs)}`
      : `APIGroups:${listed(apiGroups ?? [])}, Resources:${listed(resources ?? [])}` +
        (resourceNames ? `, ResourceNames:${listed(resourceNames)}` : '')
    verbsOf.set(what, [...(verbsOf.get(what) ?? []), ...verbs])
  }
  return [...verbsOf]
    .map(([what, verbs]) => `{${what}, Verbs:${listed(verbs)}}`)
    .sort()
    .join('\n')
}

const listed = (values: readonly string[]): string =>
  `[${values.map((value) => JSON.stringify(value)).join(', ')}]`
