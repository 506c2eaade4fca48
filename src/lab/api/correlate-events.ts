import type { LabEvent } from './store.ts'

const SIMILAR_BEFORE_COMBINING = 10
const SIMILAR_WITHIN_MS = 600_000
const BURST = 25
const REFILL_MS = 300_000

/** What the recorder makes of an event. */
export interface CorrelatedEvent {
  readonly message: string
  /** Events of the same key are one object. */
  readonly key: string
  /** The spam filter lets it through. */
  readonly allowed: boolean
}

/** Combines similar events and holds back too many, as client-go's recorder does (k8s-mechanics 2.4). */
export function createEventCorrelator(): (event: LabEvent, nowMs: number) => CorrelatedEvent {
  const similar = new Map<string, { messages: Set<string>; lastAtMs: number }>()
  const buckets = new Map<string, { tokens: number; atMs: number }>()

  const combine = (event: LabEvent, nowMs: number): { message: string; key: string } => {
    const group = groupKey(event)
    const earlier = similar.get(group)
    const fresh = !earlier || nowMs - earlier.lastAtMs > SIMILAR_WITHIN_MS
    const record = fresh ? { messages: new Set<string>(), lastAtMs: nowMs } : earlier
    record.messages.add(event.message)
    record.lastAtMs = nowMs
    similar.set(group, record)
    if (record.messages.size < SIMILAR_BEFORE_COMBINING) {
      return { message: event.message, key: `${group}\n${event.message}` }
    }
    const [oldest = ''] = record.messages
    record.messages.delete(oldest)
    return { message: `(combined from similar events): ${event.message}`, key: group }
  }

  const take = (event: LabEvent, nowMs: number): boolean => {
    const key = `${event.component}\n${event.regarding.kind}\n${event.regarding.metadata.uid}`
    const bucket = buckets.get(key) ?? { tokens: BURST, atMs: nowMs }
    const refilled = Math.min(BURST, bucket.tokens + (nowMs - bucket.atMs) / REFILL_MS)
    const allowed = refilled >= 1
    buckets.set(key, { tokens: refilled - (allowed ? 1 : 0), atMs: nowMs })
    return allowed
  }
  return (event, nowMs) => ({ ...combine(event, nowMs), allowed: take(event, nowMs) })
}

const groupKey = (event: LabEvent): string =>
  [
    event.component,
    event.regarding.kind,
    event.regarding.metadata.uid,
    event.fieldPath ?? '',
    event.type,
    event.reason,
  ].join('\n')
