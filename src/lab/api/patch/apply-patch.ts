import type { Result } from '../../../base/result.ts'
import type { ApiError } from '../api-error.ts'
import { fail, succeed } from '../../../base/result.ts'
import { badRequest } from '../api-error.ts'
import { asObject } from './json-object.ts'
import { jsonPatch } from './json-patch.ts'
import { mergePatch } from './merge-patch.ts'
import { strategicMergePatch } from './strategic-merge-patch.ts'

export const APPLY_PATCH = 'application/apply-patch+yaml'

/** Applies a patch of any of Kubernetes' four kinds; `current` is not changed. */
export function applyPatch(
  contentType: string,
  current: unknown,
  patch: unknown,
): Result<unknown, ApiError> {
  if (contentType === 'application/json-patch+json') {
    const patched = jsonPatch(current, patch)
    if (patched.ok) return patched
    return fail({
      reason: 'Invalid',
      message: `the server rejected our request due to an error in our request: ${patched.error}`,
    })
  }
  if (!asObject(patch)) return fail(badRequest('the patch must be an object'))
  switch (contentType) {
    case 'application/merge-patch+json':
      return succeed(mergePatch(current, patch))
    case 'application/strategic-merge-patch+json':
    case APPLY_PATCH:
      return succeed(strategicMergePatch(current, patch))
    default:
      return fail({
        reason: 'UnsupportedMediaType',
        message:
          `the body of the request was in an unknown format - accepted media types include: ` +
          'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml, ' +
          'application/strategic-merge-patch+json',
      })
  }
}
