import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { AccessUse } from './access-log.ts'
import { findUnusedGrants, type Grant } from './find-unused-grants.ts'

/** Where a test reads which verbs were used (GET), or begins a new record (DELETE). */
export const ACCESS_PATH = '/podtank.lab/access'

export interface AccessReport {
  /** Every kind of call so far, allowed or denied. */
  readonly uses: readonly AccessUse[]
  /** What roles grant by bindings and nobody used. */
  readonly unused: readonly Grant[]
}

/** Answers a request to {@link ACCESS_PATH}. */
export function answerAccessReport({ access, store }: ApiContext, request: ApiRequest): Answer {
  if (request.method === 'DELETE') access.log.clear()
  const uses = access.log.uses()
  const report: AccessReport = { uses, unused: findUnusedGrants(store, uses) }
  return { code: 200, body: report }
}
