import type { Random } from '../../../base/random.ts'
import { createSyncLimiter } from '../sync-limiter.ts'

/** 0.3 syncs a second with a burst of one, then the workers' poll (k8s-mechanics 3.5). */
const SYNC_INTERVAL_MS = 1000 / 0.3
const POLL_MS = 1000

export interface NginxSync {
  /** Something that the controller watches has changed. */
  request(): void
  close(): void
}

/** ingress-nginx's way from a change to its workers: what the controller saw at its sync counts at the next poll. */
export function createNginxSync<T>(
  random: Random,
  look: () => T,
  apply: (seen: T) => void,
): NginxSync {
  const firstPollAtMs = performance.now() + random.between(0, POLL_MS)
  let poll: NodeJS.Timeout | undefined
  const limiter = createSyncLimiter(SYNC_INTERVAL_MS, () => {
    const seen = look()
    const sincePollMs = (performance.now() - firstPollAtMs + POLL_MS) % POLL_MS
    poll = setTimeout(() => {
      apply(seen)
    }, POLL_MS - sincePollMs)
  })
  return {
    request: () => {
      limiter.request()
    },
    close: () => {
      limiter.close()
      clearTimeout(poll)
    },
  }
}
