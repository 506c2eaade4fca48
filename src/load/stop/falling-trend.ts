import { humanUs, US_PER_SECOND } from '../../base/units.ts'
import { FRAME_US } from '../load-frame.ts'
import type { Evaluator, Held, StopProgress } from './evaluator.ts'
import type { Slice } from './gather-slices.ts'

const SLICES = US_PER_SECOND / FRAME_US

/**
 * Holds when the number of the requests meant falls from second to second: the mean of the window's changes plus its
 * standard error, √(Σ(kᵢ−k̄)²/(n(n−1))), is below 0 (Tank's `http_trend`). Unlike Tank's it waits for a whole window:
 * n changes, which take n + 1 seconds.
 */
export class FallingTrend implements Evaluator {
  readonly #what: string
  readonly #changes: number
  readonly #count: (slice: Slice) => number
  readonly #second: { readonly count: number; readonly due: number }[] = []
  /** The last second's count, for each tenth at which seconds can begin; the sums over their changes likewise. */
  readonly #before = new Float64Array(SLICES)
  readonly #sum = new Float64Array(SLICES)
  readonly #sumOfSquares = new Float64Array(SLICES)
  /** Rings over the window, by the second's number. */
  readonly #change: Float64Array
  readonly #due: Float64Array
  /** How many seconds there have been, one for each slice that ends one. */
  #seconds = 0
  #mean = 0
  #error = 0

  constructor(what: string, windowUs: number, count: (slice: Slice) => number) {
    this.#what = what
    this.#count = count
    this.#changes = Math.max(1, Math.ceil(windowUs / US_PER_SECOND))
    this.#change = new Float64Array(this.#changes * SLICES)
    this.#due = new Float64Array(this.#changes * SLICES)
  }

  push(slice: Slice): Held | undefined {
    this.#second.push({ count: this.#count(slice), due: slice.due })
    if (this.#second.length > SLICES) this.#second.shift()
    if (this.#second.length < SLICES) return undefined
    const number = this.#seconds
    this.#seconds++
    this.#add(number)
    if (!this.#isWhole() || this.#mean + this.#error >= 0) return undefined
    const first = number - (this.#changes - 1) * SLICES
    return {
      firstBadAtUs: slice.atUs + FRAME_US - this.#changes * US_PER_SECOND,
      ratePerSecond: this.#due[first % this.#due.length] ?? 0,
      seen: `${this.#seen()} for ${humanUs(this.#changes * US_PER_SECOND)}`,
    }
  }

  progress(): StopProgress {
    const windowUs = this.#changes * US_PER_SECOND
    const seenUs = Math.max(0, this.#seconds - SLICES) * FRAME_US
    return {
      heldUs: this.#mean + this.#error < 0 ? Math.min(windowUs, seenUs) : 0,
      windowUs,
      seen: this.#seconds > SLICES ? this.#seen() : '',
    }
  }

  #isWhole(): boolean {
    return this.#seconds > this.#changes * SLICES
  }

  #add(number: number): void {
    const grid = number % SLICES
    const at = number % this.#change.length
    const count = this.#second.reduce((sum, slice) => sum + slice.count, 0)
    const left = this.#change[at] ?? 0
    const change = number < SLICES ? 0 : count - (this.#before[grid] ?? 0)
    this.#before[grid] = count
    this.#change[at] = change
    this.#due[at] = this.#second.reduce((sum, slice) => sum + slice.due, 0)
    const sum = (this.#sum[grid] ?? 0) + change - left
    const squares = (this.#sumOfSquares[grid] ?? 0) + change ** 2 - left ** 2
    this.#sum[grid] = sum
    this.#sumOfSquares[grid] = squares
    const n = Math.min(this.#changes, Math.floor(number / SLICES))
    this.#mean = n === 0 ? 0 : sum / n
    this.#error = n < 2 ? 0 : Math.sqrt(Math.max(0, squares - n * this.#mean ** 2) / (n * (n - 1)))
  }

  #seen(): string {
    return `${this.#what} changes by ${this.#mean.toFixed(2)} ± ${this.#error.toFixed(2)} a second`
  }
}
