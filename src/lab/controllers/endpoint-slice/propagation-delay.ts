import type { Random } from '../../../base/random.ts'

const SHORTEST_MS = 5
const LONGEST_MS = 100
const MEAN_BEYOND_SHORTEST_MS = 15
const STALE_WITHIN_MS = 100
const STALE_PROBABILITY = 0.3
const FIRST_RETRY_MS = 1000

/** From a change of a pod to the write of the slice: 5 to 100 ms, 20 ms on average (k8s-mechanics 3.8). */
export const propagationDelayMs = (random: Random): number =>
  Math.min(LONGEST_MS, SHORTEST_MS - MEAN_BEYOND_SHORTEST_MS * Math.log(1 - random.next()))

/**
 * A sync soon after the last write of the same Service may not see that write yet; it fails and is retried after 1 s,
 * 2 s, 4 s… (k8s-mechanics 3.1). Undefined: the sync goes ahead.
 */
export function staleRetryMs(
  random: Random,
  sinceLastWriteMs: number,
  retries: number,
): number | undefined {
  if (sinceLastWriteMs >= STALE_WITHIN_MS || random.next() >= STALE_PROBABILITY) return undefined
  return FIRST_RETRY_MS * 2 ** retries
}
