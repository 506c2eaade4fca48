import type { ApiError } from '../api-client.ts'

/** How a watch ended, and what that means for the next one. */
export interface WatchEnd {
  readonly why: string
  /** `list`: what was seen last is of no use any more, or not known. */
  readonly next: 'watch' | 'list'
  /** The server is in trouble: wait before it is asked again, however long the watch had lasted. */
  readonly isTrouble: boolean
  readonly retryAfterMs?: number
  /** Nothing came since then, though the connection seemed to be there. */
  readonly silentSinceUs?: number
  /** Not even a list from the last version on can be had: the server knows only older ones. */
  readonly isTooNew?: boolean
}

/** Of a watch that could not be opened, or an ERROR event in it: the same codes mean the same. */
export function errorEnd(error: Pick<ApiError, 'status' | 'reason' | 'message' | 'retryAfterMs'>) {
  const { status, reason, message, retryAfterMs } = error
  const isTooNew = status === 504 && /too large resource version/i.test(message)
  const end: WatchEnd = {
    why: reason,
    next: status === 410 || isTooNew ? 'list' : 'watch',
    isTrouble: status !== undefined && status !== 410 && !isTooNew,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isTooNew && { isTooNew }),
  }
  return end
}

/** Of a stream whose text is none of a watch: what it hid is not known. */
export const nonsenseEnd = (why: string): WatchEnd => ({ why, next: 'list', isTrouble: false })
