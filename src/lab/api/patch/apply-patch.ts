import type { Result } from '../../../base/result.ts'
import type { ApiError } from '../api-error.ts'
import { fail, succeed } from '../../../base/result.ts'
import { badRequest } from '../api-error.ts'
import { asObject } from './json-object.ts'
import { jsonPatch } from './json-patch.ts'
import { mergePatch } from './merge-patch.ts'
import { strategicMergePatch } from './strategic-merge-patch.ts'

const UNDECODABLE = 'error decoding patch: json: cannot unmarshal'

export const APPLY_PATCH = 'application/apply-patch+yaml'

/** Applies a patch of any of Kubernetes' four kinds; `current` is not changed. */
export function applyPatch(
  contentType: string,
  current: unknown,
  patch: unknown,
): Result<unknown, ApiError> {
  if (contentType === 'application/json-patch+json') {
    if (!Array.isArray(patch)) {
      return fail(badRequest(`${UNDECODABLE} object into Go value of type []handlers.jsonPatchOp`))
    }
    const patched = jsonPatch(current, patch)
    if (patched.ok) return patched
    const message = 'the server rejected our request due to an error in our request'
    return fail({ reason: 'Invalid', message, details: {} })
  }
  if (!asObject(patch)) {
    const kind = Array.isArray(patch) ? 'array' : typeof patch
    return fail(badRequest(`${UNDECODABLE} ${kind} into Go value of type map[string]interface {}`))
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
