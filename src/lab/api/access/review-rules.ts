import type { AccessControl } from './access-control.ts'
import type { User } from './user.ts'

/** The status of a SelfSubjectRulesReview: what `kubectl auth can-i --list` shows. */
export function reviewRules(access: AccessControl, user: User, namespace: string): object {
  const rules = access.rulesOf(user, namespace === '' ? undefined : namespace)
  return {
    resourceRules: rules
      .filter(({ resources = [] }) => resources.length > 0)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames === undefined ? {} : { resourceNames }),
      })),
    nonResourceRules: rules
      .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  }
}
