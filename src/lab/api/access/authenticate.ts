import type { IncomingHttpHeaders } from 'node:http'
import type { Result } from '../../../base/result.ts'
import type { ApiError } from '../api-error.ts'
import type { ResourceAttributes } from './access-attributes.ts'
import type { AccessControl } from './access-control.ts'
import type { User } from './user.ts'
import { fail, succeed } from '../../../base/result.ts'
import { badRequest } from '../api-error.ts'
import { forbidden } from './forbidden.ts'
import {
  administrator,
  anonymous,
  AUTHENTICATED,
  serviceAccountGroups,
  serviceAccountOf,
} from './user.ts'

/** Headers with every value of those that were sent more than once. */
export type DistinctHeaders = NodeJS.Dict<string[]>

/** Who sends a request: by its bearer token, and then by whom it wants to be taken for. Errors: 401, 403, 400. */
export function authenticate(
  access: AccessControl,
  headers: DistinctHeaders,
): Result<User, ApiError> {
  const user = userOfToken(access, headers)
  if (!user) return fail({ reason: 'Unauthorized', message: 'Unauthorized' })
  return impersonate(access, user, headers)
}

const AUTHORIZATION = 'authorization' satisfies keyof IncomingHttpHeaders

function userOfToken(access: AccessControl, headers: DistinctHeaders): User | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(headers[AUTHORIZATION]?.[0] ?? '') ?? []
  const account = token === undefined ? undefined : access.tokens.userOf(token)
  if (account) return account
  if (!access.enforced || token === access.adminToken) return administrator
  return token === undefined ? anonymous : undefined
}

const EXTRA = 'impersonate-extra-'

function impersonate(
  access: AccessControl,
  user: User,
  headers: DistinctHeaders,
): Result<User, ApiError> {
  const name = headers['impersonate-user']?.[0]
  const groups = headers['impersonate-group'] ?? []
  const uid = headers['impersonate-uid']?.[0]
  const extra = Object.entries(headers)
    .filter(([key]) => key.startsWith(EXTRA))
    .map(([key, values = []]): [string, string[]] => [
      decodeURIComponent(key.slice(EXTRA.length)),
      values,
    ])
  if (name === undefined) {
    return groups.length + extra.length > 0 || uid !== undefined
      ? fail(badRequest('requested impersonation without impersonating a user'))
      : succeed(user)
  }
  for (const asked of impersonations(name, groups, uid, extra)) {
    const decision = access.decide(user, asked)
    if (!decision.allowed) return fail(forbidden(user, asked, decision.reason))
  }
  return succeed({
    name,
    ...(uid === undefined ? {} : { uid }),
    groups: groupsOf(name, groups),
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  })
}

/** Everything that one must be allowed in order to be taken for another. */
function impersonations(
  name: string,
  groups: readonly string[],
  uid: string | undefined,
  extra: readonly [string, string[]][],
): ResourceAttributes[] {
  const verb = 'impersonate'
  const account = serviceAccountOf(name)
  const authentication = { verb, group: 'authentication.k8s.io' }
  return [
    account
      ? { verb, group: '', resource: 'serviceaccounts', ...account }
      : { verb, group: '', resource: 'users', name },
    ...groups.map((group) => ({ verb, group: '', resource: 'groups', name: group })),
    ...(uid === undefined ? [] : [{ ...authentication, resource: 'uids', name: uid }]),
    ...extra.flatMap(([key, values]) =>
      values.map((value) => ({ ...authentication, resource: `userextras/${key}`, name: value })),
    ),
  ]
}

function groupsOf(name: string, groups: readonly string[]): readonly string[] {
  if (name === anonymous.name) return anonymous.groups
  const account = serviceAccountOf(name)
  if (account && groups.length === 0) return serviceAccountGroups(account.namespace)
  return groups.includes(AUTHENTICATED) ? groups : [...groups, AUTHENTICATED]
}
