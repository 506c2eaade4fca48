import type { PolicyRule } from '../kinds/rbac.ts'
import type { AccessAttributes } from './access-attributes.ts'

const ALL = '*'

/** Whether one rule allows what is asked, as pkg/registry/rbac of Kubernetes decides it. */
export function ruleMatches(rule: PolicyRule, asked: AccessAttributes): boolean {
  if (!includesOrAll(rule.verbs, asked.verb)) return false
  if ('path' in asked)
    return (rule.nonResourceURLs ?? []).some((url) => urlMatches(url, asked.path))
  const { resourceNames = [] } = rule
  return (
    includesOrAll(rule.apiGroups, asked.group) &&
    (rule.resources ?? []).some((resource) => resourceMatches(resource, asked.resource)) &&
    (resourceNames.length === 0 || resourceNames.includes(asked.name ?? ''))
  )
}

const includesOrAll = (values: readonly string[] = [], wanted: string): boolean =>
  values.includes(ALL) || values.includes(wanted)

/** `*`, the resource itself, or `*` and its subresource; `pods` does not include `pods/log`. */
function resourceMatches(pattern: string, resource: string): boolean {
  if (pattern === ALL || pattern === resource) return true
  const subresource = resource.split('/')[1]
  return subresource !== undefined && pattern === `*/${subresource}`
}

const urlMatches = (pattern: string, path: string): boolean =>
  pattern === ALL ||
  pattern === path ||
  (pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, '')))
