import { humanUs, US_PER_SECOND } from '../../base/units.ts'
import type { HostHealth } from '../host-health.ts'
import { FRAME_US } from '../load-frame.ts'
import type { Evaluator, Held, StopProgress } from './evaluator.ts'
import type { Slice } from './gather-slices.ts'

/** What one second is by a criterion. */
export interface JudgedSecond {
  readonly isBad: boolean
  /** For people: `http 5xx 12.5 % ≥ 10 %`. */
  readonly seen: string
}

/** Judges a criterion over time that belongs together. */
export interface SecondJudge {
  /** The slices of one second; undefined: nothing was there to judge, which is not bad. */
  second(slices: readonly Slice[], host: HostHealth | undefined): JudgedSecond | undefined
  /** Whether a slice is bad in itself, so that a row of bad seconds can begin with it. */
  begins(slice: Slice, host: HostHealth | undefined): boolean
}

const SLICES = US_PER_SECOND / FRAME_US

/**
 * Holds when, from a bad tenth of a second on, each of the window's whole seconds is bad. Tank counts seconds on a
 * grid of its own, and so stops up to a second early or late; here a lasting fault stops the load the window after
 * it began. All ten grids are followed at once.
 */
export class EverySecond implements Evaluator {
  readonly #judge: SecondJudge
  readonly #windowUs: number
  readonly #seconds: number
  readonly #second: Slice[] = []
  /** Bad seconds in a row, for each tenth at which seconds can begin. */
  readonly #inARow = new Int32Array(SLICES)
  readonly #firstBadAtUs = new Float64Array(SLICES)
  readonly #firstRate = new Float64Array(SLICES)
  #pushed = 0
  #heldUs = 0
  #seen = ''

  constructor(windowUs: number, judge: SecondJudge) {
    this.#windowUs = windowUs
    this.#seconds = Math.max(1, Math.ceil(windowUs / US_PER_SECOND))
    this.#judge = judge
  }

  push(slice: Slice, host: HostHealth | undefined): Held | undefined {
    this.#second.push(slice)
    if (this.#second.length > SLICES) this.#second.shift()
    const grid = this.#pushed % SLICES
    this.#pushed++
    if (this.#second.length < SLICES) return undefined
    const judged = this.#judge.second(this.#second, host)
    this.#seen = judged?.seen ?? ''
    if (!judged?.isBad) {
      this.#inARow[grid] = 0
      this.#heldUs = 0
      return undefined
    }
    const before = this.#inARow[grid] ?? 0
    if (before === 0 && !this.#begin(grid, host)) return undefined
    const inARow = before + 1
    this.#inARow[grid] = inARow
    this.#heldUs = Math.max(...this.#inARow) * US_PER_SECOND
    return inARow < this.#seconds ? undefined : this.#held(grid)
  }

  progress(): StopProgress {
    return {
      heldUs: Math.min(this.#heldUs, this.#windowUs),
      windowUs: this.#windowUs,
      seen: this.#seen,
    }
  }

  /** Begins a row with the second, if it can. */
  #begin(grid: number, host: HostHealth | undefined): boolean {
    const [first] = this.#second
    if (!first || !this.#judge.begins(first, host)) return false
    this.#firstBadAtUs[grid] = first.atUs
    this.#firstRate[grid] = this.#second.reduce((sum, { due }) => sum + due, 0)
    return true
  }

  #held(grid: number): Held {
    return {
      firstBadAtUs: this.#firstBadAtUs[grid] ?? 0,
      ratePerSecond: this.#firstRate[grid] ?? 0,
      seen: `${this.#seen} for ${humanUs(this.#seconds * US_PER_SECOND)}`,
    }
  }
}
