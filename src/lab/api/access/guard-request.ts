import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import { refuse } from '../answer.ts'
import { apiCallOf, pathCallOf } from '../api-call.ts'
import { authenticate } from './authenticate.ts'
import { forbidden } from './forbidden.ts'

/** Answers a request by `handle` when its sender may send it; `handle` is told who that is. */
export function guardRequest(
  { access }: ApiContext,
  request: ApiRequest,
  handle: (request: ApiRequest) => Answer,
): Answer {
  const user = authenticate(access, request.headers)
  if (!user.ok) return refuse(user.error)
  const call = apiCallOf(request)
  const asked = call ?? pathCallOf(request)
  const { allowed, reason } = access.decide(user.value, asked)
  if (call) access.log.note(user.value, call, allowed)
  if (!allowed) return refuse(forbidden(user.value, asked, reason))
  return handle({ ...request, user: user.value })
}
