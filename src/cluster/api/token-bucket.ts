import { pause } from '../../base/pause.ts'

export interface BucketOptions {
  /** Tokens a second in the long run. */
  readonly perSecond: number
  /** Tokens at hand after a quiet time. */
  readonly burst: number
  readonly nowMs?: () => number
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Limits how often something is done, in the order of asking. */
export class TokenBucket {
  readonly #options: BucketOptions
  readonly #nowMs: () => number
  /** When the bucket would be full; each token taken moves it one interval on. */
  #fullAtMs = -Infinity

  constructor(options: BucketOptions) {
    this.#options = options
    this.#nowMs = options.nowMs ?? (() => performance.now())
  }

  /** Waits for a token, or until the signal aborts. */
  async take(signal: AbortSignal): Promise<void> {
    const { perSecond, burst, wait = pause } = this.#options
    const nowMs = this.#nowMs()
    const intervalMs = 1_000 / perSecond
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + intervalMs
    const waitMs = this.#fullAtMs - nowMs - burst * intervalMs
    if (waitMs > 0) await wait(waitMs, signal)
  }
}
