import type { PolicyRule, Role, RoleBinding, Subject } from '../kinds/rbac.ts'
import type { KubeObject } from '../store.ts'
import { RBAC_GROUP } from '../kinds/rbac.ts'
import { mistakes } from './mistakes.ts'

/** The mistakes of a Role or ClusterRole, in the words of Kubernetes. */
export const validateRole = (object: KubeObject, isNamespaced: boolean): string[] =>
  ((object as Role).rules ?? []).flatMap((rule, index) =>
    validateRule(`rules[${String(index)}]`, rule, isNamespaced),
  )

function validateRule(path: string, rule: PolicyRule, isNamespaced: boolean): string[] {
  const {
    verbs = [] as string[],
    apiGroups = [],
    resources = [],
    nonResourceURLs = [],
  } = rule as Partial<PolicyRule>
  const noVerbs =
    verbs.length === 0
      ? [mistakes.required(`${path}.verbs`, 'verbs must contain at least one value')]
      : []
  if (nonResourceURLs.length > 0) {
    const given = `${path}.nonResourceURLs: Invalid value: ${JSON.stringify(nonResourceURLs)}: `
    const isMixed = apiGroups.length + resources.length > 0
    return [
      ...noVerbs,
      ...(isNamespaced ? [`${given}namespaced rules cannot apply to non-resource URLs`] : []),
      ...(isMixed
        ? [`${given}rules cannot apply to both regular resources and non-resource URLs`]
        : []),
    ]
  }
  const required = (field: string, words: string) =>
    mistakes.required(`${path}.${field}`, `resource rules must supply at least one ${words}`)
  return [
    ...noVerbs,
    ...(apiGroups.length === 0 ? [required('apiGroups', 'api group')] : []),
    ...(resources.length === 0 ? [required('resources', 'resource')] : []),
  ]
}

/** The mistakes of a RoleBinding or ClusterRoleBinding. */
export function validateBinding(object: KubeObject, isNamespaced: boolean): string[] {
  const { roleRef, subjects = [] } = object as RoleBinding
  const {
    apiGroup = RBAC_GROUP,
    kind = '',
    name = '',
  } = ((roleRef as object | undefined) ?? {}) as {
    apiGroup?: string
    kind?: string
    name?: string
  }
  const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  return [
    ...(apiGroup === RBAC_GROUP || apiGroup === ''
      ? []
      : [mistakes.unsupported('roleRef.apiGroup', apiGroup, [RBAC_GROUP])]),
    ...(kinds.includes(kind) ? [] : [mistakes.unsupported('roleRef.kind', kind, kinds)]),
    ...(name === '' ? [mistakes.required('roleRef.name')] : []),
    ...subjects.flatMap((subject, index) =>
      validateSubject(`subjects[${String(index)}]`, subject, isNamespaced),
    ),
  ]
}

const SUBJECT_KINDS = ['ServiceAccount', 'User', 'Group']

function validateSubject(path: string, subject: Subject, isNamespaced: boolean): string[] {
  const { kind, name = '', namespace = '' } = subject as Partial<Subject>
  const isAccount = kind === 'ServiceAccount'
  return [
    ...(name === '' ? [mistakes.required(`${path}.name`)] : []),
    ...(SUBJECT_KINDS.includes(kind ?? '')
      ? []
      : [mistakes.unsupported(`${path}.kind`, kind ?? '', SUBJECT_KINDS)]),
    ...(isAccount && namespace === '' && !isNamespaced
      ? [mistakes.required(`${path}.namespace`)]
      : []),
  ]
}
