import type { IncomingMessage } from 'node:http'
import { sanitize } from '../../base/sanitize.ts'
import type { JsonObject } from '../../scenario/scenario.ts'
import type { ApiCall, ApiError } from '../api-client.ts'
import { accessQuestion } from './access-question.ts'
import { redact } from './redact.ts'

const MAX_MESSAGE = 500

/** Of a call that got no answer. */
export function errorOf(call: ApiCall, error: unknown, secrets: readonly string[]): ApiError {
  const { code, name, message } = error as NodeJS.ErrnoException
  const isTimeout = name === 'TimeoutError' || name === 'AbortError' || code === 'ABORT_ERR'
  const reason = isTimeout ? 'timeout' : (code ?? 'failed')
  const hint = hintOf(call, reason, undefined)
  return {
    call: nameOf(call),
    reason,
    message: isTimeout ? 'no answer in time' : safe(message || reason, secrets),
    ...(hint !== undefined && { hint }),
  }
}

/** Of a call that was answered with an error: the words of a Status object, and nothing of another body. */
export function statusError(
  call: ApiCall,
  answer: IncomingMessage,
  object: JsonObject,
  secrets: readonly string[],
): ApiError {
  const status = answer.statusCode ?? 0
  const { reason, message, details } = object as StatusObject
  const retryAfterMs = retryAfterOf(answer, details)
  const isBudget = details?.causes?.some((cause) => cause?.reason === 'DisruptionBudget')
  const hint = hintOf(call, '', status)
  return {
    call: nameOf(call),
    status,
    reason: typeof reason === 'string' ? safe(reason, secrets) : `HTTP ${status}`,
    message: typeof message === 'string' ? safe(message, secrets) : `HTTP status ${status}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isBudget === true && { isBudget }),
    ...(hint !== undefined && { hint }),
  }
}

interface StatusObject {
  readonly reason?: unknown
  readonly message?: unknown
  readonly details?: {
    readonly retryAfterSeconds?: unknown
    readonly causes?: readonly ({ readonly reason?: unknown } | null)[]
  }
}

const nameOf = (call: ApiCall) => `${call.method} ${call.path}`

const safe = (text: string, secrets: readonly string[]) =>
  sanitize(redact(text, secrets), MAX_MESSAGE)

function retryAfterOf(
  { headers }: IncomingMessage,
  details: StatusObject['details'],
): number | undefined {
  const value = headers['retry-after']
  const seconds = value === undefined ? details?.retryAfterSeconds : Number(value)
  if (typeof seconds === 'number' && seconds >= 0) return seconds * 1_000
  const atMs = Date.parse(value ?? '')
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - Date.now())
}

const BY_REASON: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens there: is the API server running, and the address current?'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'the name cannot be resolved: check DNS and the VPN'],
  [
    /^(timeout|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    'check the VPN, the firewall and the proxy (HTTPS_PROXY, proxy-url) on the way',
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/,
    'the server’s certificate is not trusted: check certificate-authority and tls-server-name of the kubeconfig',
  ],
  [/^credentials$/, 'run the same kubectl command by hand, and log in again if it asks for it'],
  [/^proxy$/, 'check proxy-url of the kubeconfig, HTTPS_PROXY and NO_PROXY'],
]

/** What to do about it; undefined when the message says enough. */
function hintOf(call: ApiCall, reason: string, status: number | undefined): string | undefined {
  if (status === undefined) return BY_REASON.find(([form]) => form.test(reason))?.[1]
  if (status === 401)
    return 'the credentials are not accepted: try kubectl auth whoami with the same context, and log in again'
  if (status === 429 || status >= 500)
    return 'the API server is overloaded or not ready: try again later, see kubectl get --raw /readyz?verbose'
  if (status !== 403) return undefined
  const question = accessQuestion(call.method, call.path, call.query?.['watch'] === 'true')
  return `the current user lacks the permission for this call${question === undefined ? '' : `: see ${question}`}`
}
