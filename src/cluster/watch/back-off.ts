import type { Random } from '../../base/random.ts'

const FIRST_MS = 800
const LONGEST_MS = 30_000
const RESET_AFTER_US = 120_000_000

/**
 * client-go's reflector back-off: 0.8 s doubling to 30 s, up to twice as long by chance, anew after two healthy
 * minutes (reliability-security 1.1).
 */
export class BackOff {
  #nextMs = FIRST_MS
  #lastUs = -Infinity
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** How long to wait now, in ms. */
  next(nowUs: number): number {
    if (nowUs - this.#lastUs > RESET_AFTER_US) this.#nextMs = FIRST_MS
    this.#lastUs = nowUs
    const baseMs = this.#nextMs
    this.#nextMs = Math.min(LONGEST_MS, baseMs * 2)
    return baseMs * (1 + this.#random.next())
  }
}
