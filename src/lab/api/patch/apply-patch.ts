import type { Result } from '../../../base/result.ts'
import type { ApiError } from '../api-error.ts'
import { fail, succeed } from '../../../base/result.ts'
import { badRequest } from '../api-error.ts'
import { asObject } from './json-object.ts'
import { jsonPatch } from './json-patch.ts'
import { mergePatch } from './merge-patch.ts'
import { strategicMergePatch } from './strategic-merge-patch.ts'

const DECODING = 'error decoding patch: '
const UNDECODABLE = `${DECODING}json: cannot unmarshal`
const OPERATIONS = '[]handlers.jsonPatchOp'

export const APPLY_PATCH = 'application/apply-patch+yaml'

/** Applies a patch of any of Kubernetes' four kinds; `current` is not changed. */
export function applyPatch(
  contentType: string,
  current: unknown,
  patch: unknown,
): Result<unknown, ApiError> {
  if (contentType === 'application/json-patch+json') {
    if (!Array.isArray(patch)) {
      return fail(badRequest(`${UNDECODABLE} ${kindOf(patch)} into Go value of type ${OPERATIONS}`))
    }
    const patched = jsonPatch(current, patch)
    if (patched.ok) return patched
    const message = 'the server rejected our request due to an error in our request'
    return fail({ reason: 'Invalid', message, details: {} })
  }
  if (!asObject(patch)) {
    const said = `${UNDECODABLE} ${kindOf(patch)} into Go value of type map[string]interface {}`
    // The real server decodes a strategic merge patch elsewhere, and says less.
    const isStrategic = contentType === 'application/strategic-merge-patch+json'
    return fail(badRequest(isStrategic ? said.slice(DECODING.length) : said))
  }
  switch (contentType) {
    case 'application/merge-patch+json':
      return succeed(mergePatch(current, patch))
    case 'application/strategic-merge-patch+json':
    case APPLY_PATCH:
      return succeed(strategicMergePatch(current, patch))
    default:
      return fail({
        reason: 'UnsupportedMediaType',
        message: '415: Unsupported Media Type',
        details: {},
      })
  }
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value)
