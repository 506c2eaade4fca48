import type { RawObject } from './raw-object.ts'
import { errorEnd, nonsenseEnd, type WatchEnd } from './watch-end.ts'

/** One line of a watch: a change, a bookmark, or the end. */
export type WatchMessage<Raw> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: Raw }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string }
  | { readonly type: 'end'; readonly end: WatchEnd }

/** Reads one line; whatever is none of the API's is an end. */
export function readMessage<Raw extends RawObject>(line: string): WatchMessage<Raw> {
  const end = (why: string): WatchMessage<Raw> => ({ type: 'end', end: nonsenseEnd(why) })
  let message: { type?: unknown; object?: Partial<RawStatus & RawObject> | null } | null
  try {
    message = JSON.parse(line) as typeof message
  } catch {
    return end('malformed line')
  }
  const object = message?.object
  if (!object || typeof object !== 'object') return end('line without an object')
  const { type } = message ?? {}
  if (type === 'ERROR') return { type: 'end', end: endOfStatus(object) }
  if (type === 'BOOKMARK') {
    const resourceVersion: unknown = object.metadata?.resourceVersion
    if (typeof resourceVersion !== 'string') return end('bookmark without a version')
    return { type, resourceVersion }
  }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')
    return end('line of an unknown type')
  return isObject(object) ? { type, object: object as Raw } : end('object without metadata')
}

interface RawStatus {
  readonly code: number
  readonly reason: string
  readonly message: string
  readonly details: { readonly retryAfterSeconds?: number }
}

function endOfStatus({ code, reason, message, details }: Partial<RawStatus>): WatchEnd {
  const retryAfterSeconds = details?.retryAfterSeconds
  const end = errorEnd({
    status: code ?? 0,
    reason: reason ?? 'watch error',
    message: message ?? '',
    ...(typeof retryAfterSeconds === 'number' && { retryAfterMs: retryAfterSeconds * 1_000 }),
  })
  // Only the codes that a watch is known to go on after leave the version in place.
  return code === 429 || code === 500 || code === 410 ? end : { ...end, next: 'list' }
}

/** Whether it has what every object has. */
export function isObject(object: unknown): object is RawObject {
  const metadata = (object as { metadata?: Partial<Record<string, unknown>> } | null)?.metadata
  return ['name', 'uid', 'resourceVersion'].every((key) => typeof metadata?.[key] === 'string')
}
