import type { Random } from '../../base/random.ts'

const FIRST_MS = 800
const LONGEST_MS = 30_000
const RESET_AFTER_US = 120_000_000
/** A server that asks for more is asked again all the same. */
const LONGEST_RETRY_AFTER_MS = 60_000

/**
 * client-go's reflector back-off: 0.8 s doubling to 30 s, up to twice as long by chance, anew after two healthy
 * minutes (reliability-security 1.1).
 */
export class BackOff {
  #nextMs = FIRST_MS
  /** When the last wait was over. */
  #lastUs = -Infinity
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** How long to wait now, in ms: not less than the server asked for. */
  next(nowUs: number, retryAfterMs = 0): number {
    if (nowUs - this.#lastUs > RESET_AFTER_US) this.#nextMs = FIRST_MS
    const baseMs = this.#nextMs
    this.#nextMs = Math.min(LONGEST_MS, baseMs * 2)
    const waitMs = baseMs * (1 + this.#random.next())
    const longestMs = Math.max(waitMs, Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs))
    this.#lastUs = nowUs + longestMs * 1_000
    return longestMs
  }
}
