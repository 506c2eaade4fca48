import type { ApiError } from '../api-client.ts'

/** client-go gives up after so many retries. */
export const MAX_RETRIES = 10
const FIRST_MS = 200
const LONGEST_MS = 5_000
/** A server that is starting again: nothing was sent. */
const NOT_SENT = 'ECONNREFUSED'
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'timeout'])
/** A server that asks for more is not waited for longer. */
const LONGEST_RETRY_AFTER_MS = 60_000

export interface FailedCall {
  readonly error: ApiError
  /** Whether sending it twice does no more than sending it once. */
  readonly isRepeatable: boolean
  /** From 0. */
  readonly retry: number
  /** How often at most. */
  readonly retries: number
  /** In [0, 1). */
  readonly chance: number
}

/**
 * How long to wait before the call is sent again, in ms; undefined when it must not be. A 429 with Retry-After was
 * not carried out, so any call may follow it; a 5xx and a broken connection leave the outcome open, so only a
 * repeatable call may; one that never reached the server always may.
 */
export function retryDelay({
  error,
  isRepeatable,
  retry,
  retries,
  chance,
}: FailedCall): number | undefined {
  if (retry >= retries) return undefined
  const { status, reason, retryAfterMs } = error
  const wasRefused = status === 429 && (retryAfterMs !== undefined || isRepeatable)
  const isOpen = isRepeatable && (status === undefined ? BROKEN.has(reason) : status >= 500)
  if (!wasRefused && !isOpen && reason !== NOT_SENT) return undefined
  if (error.isBudget === true) return undefined
  const backOffMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** retry) * (0.5 + chance)
  // Never sooner than asked, and not all at once afterwards.
  if (retryAfterMs === undefined) return backOffMs
  return Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs) + chance * 200
}
