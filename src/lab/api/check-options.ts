import type { ApiRequest } from './api-context.ts'
import type { ApiError } from './api-error.ts'
import { isTrue } from './api-context.ts'
import { badRequest } from './api-error.ts'
import { describeInvalidOptions } from './describe-invalid.ts'
import { APPLY_PATCH } from './patch/apply-patch.ts'

const KINDS: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
}

/** What is wrong with the query of a request; undefined when nothing is. */
export function checkOptions(request: ApiRequest): ApiError | undefined {
  const kind = KINDS[request.method]
  const mistake = kind === undefined ? listMistake(request.query) : writeMistake(request)
  if (mistake) return describeInvalidOptions(kind ?? 'ListOptions', mistake)
  return kind === undefined ? checkNumbers(request.query) : undefined
}

function writeMistake({ query, contentType, method }: ApiRequest): string | undefined {
  const dryRun = query.getAll('dryRun')
  if (dryRun.some((one) => one !== 'All' && one !== '')) {
    return `dryRun: Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`
  }
  const validation = query.get('fieldValidation') ?? ''
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    return `fieldValidation: Unsupported value: "${validation}": supported values: "", "Ignore", "Strict", "Warn"`
  }
  const applies = method === 'PATCH' && contentType === APPLY_PATCH
  if (applies && !query.get('fieldManager')) {
    return 'fieldManager: Required value: is required for apply patch'
  }
  return undefined
}

function listMistake(query: URLSearchParams): string | undefined {
  const match = query.get('resourceVersionMatch') ?? ''
  const version = query.get('resourceVersion') ?? ''
  const field = 'resourceVersionMatch'
  const initialEvents = isTrue(query, 'sendInitialEvents')
  if (isTrue(query, 'watch')) {
    if (initialEvents && match !== 'NotOlderThan') {
      return `${field}: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`
    }
    const lonely = match !== '' && !initialEvents
    return lonely
      ? `${field}: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided`
      : undefined
  }
  if (match === '') return undefined
  if (version === '') {
    return `${field}: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided`
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    return `${field}: Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`
  }
  return match === 'Exact' && version === '0'
    ? `${field}: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"`
    : undefined
}

function checkNumbers(query: URLSearchParams): ApiError | undefined {
  const limit = query.get('limit') ?? ''
  if (!/^\d*$/.test(limit)) {
    return badRequest(`strconv.ParseInt: parsing "${limit}": invalid syntax`)
  }
  const version = query.get('resourceVersion') ?? ''
  if (/^\d*$/.test(version) || isTrue(query, 'watch')) return undefined
  return badRequest(
    `invalid resource version: resourceVersion: Invalid value: "${version}": ` +
      `strconv.ParseUint: parsing "${version}": invalid syntax`,
  )
}
