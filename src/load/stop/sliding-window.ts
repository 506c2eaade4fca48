import { humanCount, humanShare, humanUs, US_PER_SECOND } from '../../base/units.ts'
import type { StopLevel } from '../../scenario/scenario.ts'
import { FRAME_US } from '../load-frame.ts'
import { type Matched, reachesLevel } from './count-codes.ts'
import type { Evaluator, Held, StopProgress } from './evaluator.ts'
import type { Slice } from './gather-slices.ts'

const SLICES_PER_SECOND = US_PER_SECOND / FRAME_US

/**
 * Holds when, of the requests that ended in the last window, so many or so large a share are meant. Every request
 * weighs the same, so idle time weighs nothing. A share needs a whole window behind it; a count can only grow, so it
 * holds at once.
 */
export class SlidingWindow implements Evaluator {
  readonly #what: string
  readonly #level: StopLevel
  readonly #windowUs: number
  readonly #match: (slice: Slice) => Matched
  /** Rings of the window's slices. */
  readonly #matched: Float64Array
  readonly #total: Float64Array
  readonly #due: Float64Array
  #pushed = 0
  #matchedInWindow = 0
  #totalInWindow = 0

  constructor(what: string, level: StopLevel, windowUs: number, match: (slice: Slice) => Matched) {
    this.#what = what
    this.#level = level
    this.#windowUs = windowUs
    this.#match = match
    const slices = Math.ceil(windowUs / FRAME_US)
    this.#matched = new Float64Array(slices)
    this.#total = new Float64Array(slices)
    this.#due = new Float64Array(Math.max(slices, SLICES_PER_SECOND))
  }

  push(slice: Slice): Held | undefined {
    const { matched, total } = this.#match(slice)
    const at = this.#pushed % this.#matched.length
    this.#matchedInWindow += matched - (this.#matched[at] ?? 0)
    this.#totalInWindow += total - (this.#total[at] ?? 0)
    this.#matched[at] = matched
    this.#total[at] = total
    this.#due[this.#pushed % this.#due.length] = slice.due
    this.#pushed++
    return this.#isReached() ? this.#held(slice.atUs) : undefined
  }

  progress(): StopProgress {
    const heldUs = this.#isAtLevel() ? Math.min(this.#pushed * FRAME_US, this.#windowUs) : 0
    return { heldUs, windowUs: this.#windowUs, seen: this.#seen() }
  }

  #isAtLevel(): boolean {
    return reachesLevel({ matched: this.#matchedInWindow, total: this.#totalInWindow }, this.#level)
  }

  #isReached(): boolean {
    const isWhole = this.#pushed >= this.#matched.length
    return this.#isAtLevel() && (isWhole || this.#level.unit === 'count')
  }

  #seen(): string {
    return this.#level.unit === 'count'
      ? `${this.#what} ${humanCount(this.#matchedInWindow)} ≥ ${this.#level.count}`
      : `${this.#what} ${humanShare(this.#matchedInWindow, this.#totalInWindow)} ≥ ${humanShare(this.#level.share, 1)}`
  }

  /** The first second of the window in which one of those meant ended; at the window's end, its last second. */
  #held(lastAtUs: number): Held {
    const inWindow = Math.min(this.#pushed, this.#matched.length)
    const known = Math.min(this.#pushed, this.#due.length)
    const oldest = this.#pushed - inWindow
    let first = oldest
    while (first < this.#pushed && (this.#matched[first % this.#matched.length] ?? 0) === 0) first++
    if (first === this.#pushed) first = oldest
    const begins = Math.max(this.#pushed - known, Math.min(first, this.#pushed - SLICES_PER_SECOND))
    const ends = Math.min(this.#pushed, begins + SLICES_PER_SECOND)
    let due = 0
    for (let at = begins; at < ends; at++) due += this.#due[at % this.#due.length] ?? 0
    return {
      firstBadAtUs: lastAtUs - (this.#pushed - 1 - begins) * FRAME_US,
      ratePerSecond: (due * SLICES_PER_SECOND) / (ends - begins),
      seen: `${this.#seen()} in ${humanUs(this.#windowUs)}`,
    }
  }
}
