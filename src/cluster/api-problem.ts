import type { Problem } from '../base/problem.ts'
import type { ApiError } from './api-client.ts'

/** An API error as a person should read it. */
export function apiProblem(error: ApiError, doing: string): Problem {
  const forbidden = error.status === 403
  return {
    code: forbidden ? 'forbidden' : 'api-call-failed',
    message: `${doing}: ${error.call} was answered with ${error.reason}: ${error.message}`,
    ...(forbidden && { hint: 'the current user lacks the permission for this call' }),
  }
}
