import { humanUs, US_PER_SECOND } from '../../base/units.ts'
import { FRAME_US } from '../load-frame.ts'
import type { Evaluator, Held, StopProgress } from './evaluator.ts'
import type { Slice } from './gather-slices.ts'

const SLICES_PER_SECOND = US_PER_SECOND / FRAME_US

/** Holds when the load has lasted so long, whatever happened. */
export class TimeLimit implements Evaluator {
  readonly #limitUs: number
  readonly #lastSecond: Slice[] = []
  #elapsedUs = 0

  constructor(limitUs: number) {
    this.#limitUs = limitUs
  }

  push(slice: Slice): Held | undefined {
    this.#elapsedUs += FRAME_US
    this.#lastSecond.push(slice)
    if (this.#lastSecond.length > SLICES_PER_SECOND) this.#lastSecond.shift()
    if (this.#elapsedUs < this.#limitUs) return undefined
    const due = this.#lastSecond.reduce((sum, last) => sum + last.due, 0)
    return {
      firstBadAtUs: this.#lastSecond[0]?.atUs ?? 0,
      ratePerSecond: (due * SLICES_PER_SECOND) / this.#lastSecond.length,
      seen: this.#seen(),
    }
  }

  progress(): StopProgress {
    return {
      heldUs: Math.min(this.#elapsedUs, this.#limitUs),
      windowUs: this.#limitUs,
      seen: this.#seen(),
    }
  }

  #seen(): string {
    return `the load has lasted ${humanUs(this.#elapsedUs)} of ${humanUs(this.#limitUs)}`
  }
}
