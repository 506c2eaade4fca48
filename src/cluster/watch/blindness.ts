/** A time in which nothing could be seen, on the run's clock. */
export interface Gap {
  readonly fromUs: number
  readonly toUs: number
  readonly why: string
}

/** When a change arrived; `notBeforeUs` is set when it may have happened at any time since then. */
export interface Arrival {
  readonly atUs: number
  readonly notBeforeUs?: number
}

/** A gap as short as this makes no difference to when something happened. */
const SHORT_US = 100_000
/** After a gap the server first sends what was missed; for so long, what arrives may be of it. */
const LONGEST_REPLAY_US = 2_000_000

/** Knows when a watch saw nothing, and what that means for the time of what it sees next. */
export class Blindness {
  readonly #onGap: (gap: Gap) => void
  readonly #onBegin: (why: string) => void
  #open: { readonly fromUs: number; readonly why: string } | undefined
  #replay = { notBeforeUs: 0, untilUs: -Infinity }

  constructor(onGap: (gap: Gap) => void, onBegin: (why: string) => void = () => undefined) {
    this.#onGap = onGap
    this.#onBegin = onBegin
  }

  /** From `fromUs` on nothing is seen; the first reason of a gap is its reason. */
  begin(fromUs: number, why: string): void {
    if (this.#open) return
    this.#open = { fromUs, why }
    this.#onBegin(why)
  }

  /** Sees again, or the watch is over: tells the gap, if there is one. */
  end(nowUs: number): void {
    if (!this.#open) return
    const { fromUs } = this.#open
    const lengthUs = nowUs - fromUs
    if (lengthUs > SHORT_US)
      this.#replay = {
        notBeforeUs: fromUs,
        untilUs: nowUs + Math.min(LONGEST_REPLAY_US, lengthUs),
      }
    const gap = { ...this.#open, toUs: nowUs }
    this.#open = undefined
    this.#onGap(gap)
  }

  arrivalAt(atUs: number): Arrival {
    if (this.#open) return { atUs, notBeforeUs: this.#open.fromUs }
    const { notBeforeUs, untilUs } = this.#replay
    return atUs < untilUs ? { atUs, notBeforeUs } : { atUs }
  }
}
