import type { Result } from '../../base/result.ts'
import type { ApiRequest } from './api-context.ts'
import type { ApiError } from './api-error.ts'
import type { JsonObject } from './patch/json-object.ts'
import type { ResourceKind } from './resource-kinds.ts'
import { fail, succeed } from '../../base/result.ts'
import { badRequest } from './api-error.ts'
import { describeInvalidSubject } from './describe-invalid.ts'
import { findDuplicateFields } from './schema/find-duplicate-fields.ts'
import { takeFieldMistakes } from './schema/take-field-mistakes.ts'
import { draftOf } from './snapshot.ts'

/** An object without the fields that its kind has not, and the warnings about them. */
export interface Decoded {
  readonly object: JsonObject
  readonly warnings: readonly string[]
}

/**
 * Reads an object as the API server's decoder does: a value of a wrong type is refused always, unknown and duplicate
 * fields are refused with `fieldValidation=Strict` and told as warnings with `Warn`, the default. What `current`, the
 * object before an update, has already is not the client's mistake.
 */
export function decodeObject(
  request: ApiRequest,
  kind: ResourceKind,
  object: JsonObject,
  current?: object,
): Result<Decoded, ApiError> {
  const draft = draftOf(object)
  const { unknown, wrongType } = takeFieldMistakes(kind.resource, draft)
  const cannot = `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}`
  if (wrongType !== undefined) return fail(badRequest(`${cannot}: ${wrongType}`))
  const already = current
    ? takeFieldMistakes(kind.resource, draftOf(current as JsonObject)).unknown
    : []
  const mistakes = [
    ...duplicatesOf(request),
    ...unknown.filter((path) => !already.includes(path)).map((path) => `unknown field "${path}"`),
  ]
  const validation = request.query.get('fieldValidation') ?? 'Warn'
  if (mistakes.length > 0 && validation === 'Strict') {
    return fail(strictError(request, cannot, mistakes.join(', ')))
  }
  return succeed({ object: draft, warnings: validation === 'Ignore' ? [] : mistakes })
}

/** A patch is named by its text, an object by its kind. */
function strictError({ method, body }: ApiRequest, cannot: string, mistakes: string): ApiError {
  const what = `strict decoding error: ${mistakes}`
  if (method !== 'PATCH') return badRequest(`${cannot}: ${what}`)
  const patch = JSON.stringify(body.toString('utf8'))
  return describeInvalidSubject({ kind: '', group: '', name: '' }, [
    `patch: Invalid value: ${patch}: ${what}`,
  ])
}

const duplicatesOf = ({ method, contentType, body }: ApiRequest): string[] =>
  method !== 'PATCH' && contentType.endsWith('json')
    ? findDuplicateFields(body.toString('utf8')).map((path) => `duplicate field "${path}"`)
    : []
