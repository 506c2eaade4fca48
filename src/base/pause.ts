import { setTimeout as sleep } from 'node:timers/promises'

/** Waits so many ms, or until the signal aborts; never rejects. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined)
