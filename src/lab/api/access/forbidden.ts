import type { ApiError } from '../api-error.ts'
import type { AccessAttributes } from './access-attributes.ts'
import type { User } from './user.ts'

/** The 403 of a call that the authorizer denies, word for word as the API server says it. */
export function forbidden(user: User, asked: AccessAttributes, reason = ''): ApiError {
  const who = `User ${JSON.stringify(user.name)} cannot ${asked.verb}`
  const why = reason === '' ? '' : `: ${reason}`
  if ('path' in asked) {
    return {
      reason: 'Forbidden',
      message: `forbidden: ${who} path ${JSON.stringify(asked.path)}${why}`,
      details: {},
    }
  }
  const { group, resource, namespace, name } = asked
  const [kind = ''] = resource.split('/')
  const what = `${kind}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` "${name}"`}`
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
  return {
    reason: 'Forbidden',
    message: `${what} is forbidden: ${who} resource "${resource}" in API group "${group}" ${where}${why}`,
    details: {
      ...(name === undefined ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind,
    },
  }
}
