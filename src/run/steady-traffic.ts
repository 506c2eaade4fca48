import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { humanUs } from '../base/units.ts'
import { FRAME_US, type LoadFrame } from '../load/load-frame.ts'

/** Waits until requests have stopped failing; frames are its clock. */
export class SteadyTraffic {
  #seenUntilUs = 0
  /** Since when no request that ended had failed. */
  #steadySinceUs = 0
  readonly #waiting = new Set<() => void>()
  #isOver = false

  /** To be told when no frame comes any more: what is still waited for will not be. */
  loadEnded(): void {
    this.#isOver = true
    for (const check of this.#waiting) check()
  }

  /** To be told of every frame. */
  frame({ atUs, ended }: Pick<LoadFrame, 'atUs' | 'ended'>): void {
    const untilUs = atUs + FRAME_US
    this.#seenUntilUs = Math.max(this.#seenUntilUs, untilUs)
    const hasFailed = [ended.new, ended.reused].some(({ outcomes }) =>
      Object.entries(outcomes).some(([outcome, count]) => outcome !== 'ok' && count > 0),
    )
    if (hasFailed) this.#steadySinceUs = Math.max(this.#steadySinceUs, untilUs)
    for (const check of this.#waiting) check()
  }

  /**
   * Resolves when no request has failed for `durationUs` from now on, or the signal aborts; a problem after
   * `timeoutUs`, both as frames have them, and when the load ends before.
   */
  waitFor(
    durationUs: number,
    timeoutUs: number,
    signal: AbortSignal,
  ): Promise<Result<void, Problem>> {
    const startedAtUs = this.#seenUntilUs
    return new Promise((resolve) => {
      const end = (result: Result<void, Problem>) => {
        this.#waiting.delete(check)
        signal.removeEventListener('abort', check)
        resolve(result)
      }
      const check = () => {
        const sinceUs = Math.max(startedAtUs, this.#steadySinceUs)
        if (signal.aborted || this.#seenUntilUs - sinceUs >= durationUs) end(succeed(undefined))
        else if (this.#seenUntilUs - startedAtUs >= timeoutUs) end(fail(neverSteady(timeoutUs)))
        else if (this.#isOver) end(fail(tooShort(this.#seenUntilUs - sinceUs, durationUs)))
      }
      this.#waiting.add(check)
      signal.addEventListener('abort', check)
      check()
    })
  }
}

const neverSteady = (timeoutUs: number): Problem => ({
  code: 'not-steady',
  message: `requests still failed ${humanUs(timeoutUs)} later`,
  hint: 'see the last failures in the report for why',
})

const tooShort = (steadyUs: number, durationUs: number): Problem => ({
  code: 'not-steady',
  message: `the load ended when no request had failed for ${humanUs(steadyUs)}; ${humanUs(durationUs)} were asked for`,
  hint: 'make load.schedule longer than its steps',
})
