import type { Result } from '../../base/result.ts'
import type { ApiRequest } from './api-context.ts'
import type { ApiError } from './api-error.ts'
import { fail, succeed } from '../../base/result.ts'
import { secondsIn } from './api-context.ts'
import { badRequest } from './api-error.ts'
import { describeInvalidOptions } from './describe-invalid.ts'
import { parseObjectBody } from './parse-body.ts'
import { asObject, type JsonObject } from './patch/json-object.ts'

/** meta.v1 DeleteOptions from the body or the query (client-node uses the query). */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number
  readonly uid?: string
  readonly resourceVersion?: string
  /** Holds the object until the garbage collector has dealt with its dependents; absent: background. */
  readonly finalizer?: 'foregroundDeletion' | 'orphan'
  readonly dryRun: boolean
}

const POLICIES = ['Background', 'Foreground', 'Orphan']

export function parseDeleteOptions(request: ApiRequest): Result<DeleteOptions, ApiError> {
  const { query } = request
  const parsed = request.body.length > 0 ? parseObjectBody(request) : succeed<JsonObject>({})
  if (!parsed.ok) return parsed
  const body = parsed.value
  const grace = body['gracePeriodSeconds'] ?? secondsIn(query, 'gracePeriodSeconds')
  const policy = policyOf(body, query)
  if (!POLICIES.includes(policy)) {
    return fail(
      describeInvalidOptions(
        'DeleteOptions',
        `propagationPolicy: Unsupported value: "${policy}": supported values: "Foreground", "Background", "Orphan", "nil"`,
      ),
    )
  }
  if (body['orphanDependents'] !== undefined && body['propagationPolicy'] !== undefined) {
    const mistake = 'orphanDependents and deletionPropagation cannot be both set'
    return fail(
      describeInvalidOptions(
        'DeleteOptions',
        `propagationPolicy: Invalid value: "${policy}": ${mistake}`,
      ),
    )
  }
  if (grace !== undefined && !Number.isInteger(grace)) {
    return fail(badRequest('gracePeriodSeconds must be a whole number'))
  }
  const preconditions = asObject(body['preconditions']) ?? {}
  const { uid, resourceVersion } = preconditions
  const dryRun = body['dryRun'] ?? query.getAll('dryRun')
  return succeed({
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    ...(policy === 'Foreground' ? { finalizer: 'foregroundDeletion' as const } : {}),
    ...(policy === 'Orphan' ? { finalizer: 'orphan' as const } : {}),
    dryRun: Array.isArray(dryRun) && dryRun.includes('All'),
  })
}

function policyOf(body: JsonObject, query: URLSearchParams): string {
  const policy = body['propagationPolicy'] ?? query.get('propagationPolicy')
  if (typeof policy === 'string') return policy
  const orphan = body['orphanDependents'] ?? query.get('orphanDependents')
  return orphan === true || orphan === 'true' ? 'Orphan' : 'Background'
}
