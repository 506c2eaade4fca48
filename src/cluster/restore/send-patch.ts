import type { Problem } from '../../base/problem.ts'
import type { ApiClient, ApiError } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import { type ApiObject, asApiObject } from './restore-record.ts'
import type { JsonObject } from '../../scenario/scenario.ts'

export type PatchType = 'merge' | 'strategic-merge' | 'json'

export interface Patch {
  readonly type: PatchType
  readonly body: unknown
}

/**
 * How a write ended. `again`: it took no effect, for the object has moved (409) or the server is busy (429).
 * `unknown`: no answer, or one that does not say; it may have taken effect, or still will.
 */
export type Written =
  | { readonly type: 'applied'; readonly object: ApiObject & JsonObject }
  | { readonly type: 'again' | 'gone' | 'unknown'; readonly error: ApiError }
  | { readonly type: 'refused'; readonly error: ApiError; readonly problem: Problem }

/** The server itself gives up after this time, so that a late write is not late for ever. */
const SERVER_TIMEOUT = '5s'

/** Sends one PATCH, once. */
export async function sendPatch(
  client: ApiClient,
  path: string,
  { type, body }: Patch,
  doing: string,
  isDryRun = false,
): Promise<Written> {
  const answer = await client.call({
    method: 'PATCH',
    path,
    query: {
      fieldManager: 'podtank',
      timeout: SERVER_TIMEOUT,
      ...(isDryRun && { dryRun: 'All' }),
    },
    contentType: `application/${type === 'json' ? 'json-patch' : `${type}-patch`}+json`,
    body,
  })
  return answer.ok
    ? { type: 'applied', object: asApiObject(answer.value) }
    : outcomeOf(answer.error, doing)
}

/** What an error of a write means. */
export function outcomeOf(error: ApiError, doing: string): Exclude<Written, { type: 'applied' }> {
  const { status } = error
  if (status === 409 || status === 429) return { type: 'again', error }
  if (status === 404) return { type: 'gone', error }
  if (status === undefined || status >= 500) return { type: 'unknown', error }
  return { type: 'refused', error, problem: apiProblem(error, doing) }
}
