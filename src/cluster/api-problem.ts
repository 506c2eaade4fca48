import type { Problem } from '../base/problem.ts'
import type { ApiError } from './api-client.ts'

/** An API error as a person should read it. */
export function apiProblem(error: ApiError, doing: string): Problem {
  return {
    code: error.status === 403 ? 'forbidden' : 'api-call-failed',
    message: `${doing}: ${error.call} was answered with ${error.reason}: ${error.message}`,
    ...(error.hint !== undefined && { hint: error.hint }),
  }
}
