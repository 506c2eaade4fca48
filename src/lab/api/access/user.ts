/** Who sends a request. */
export interface User {
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** May do everything. */
export const MASTERS = 'system:masters'
export const AUTHENTICATED = 'system:authenticated'
export const UNAUTHENTICATED = 'system:unauthenticated'

/** Who the kubeconfig of the lab is for, and who everybody is while RBAC is not enforced. */
export const administrator: User = {
  name: 'kubernetes-admin',
  groups: [MASTERS, AUTHENTICATED],
}

export const anonymous: User = { name: 'system:anonymous', groups: [UNAUTHENTICATED] }

const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/

/** The groups of every service account of a namespace. */
export const serviceAccountGroups = (namespace: string): string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
  AUTHENTICATED,
]

/** The service account that a user name stands for; undefined when it is another user. */
export function serviceAccountOf(
  userName: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = ACCOUNT.exec(userName) ?? []
  return namespace === undefined || name === undefined ? undefined : { namespace, name }
}
