import { US_PER_MS } from '../base/units.ts'
import { FrameCollector } from './frame-collector.ts'
import type { LoadFrame } from './load-frame.ts'
import type { LoadPlan } from './load-plan.ts'
import { RawEngine } from './raw-engine.ts'
import type { RequestFailure } from './request-failure.ts'
import { type Schedule, schedule } from './schedule.ts'

/** What a generator thread tells. */
export interface LoadReceiver {
  frame(frame: LoadFrame, failures: readonly RequestFailure[]): void
  /** All is over; `unlisted` are the failures that were only counted. */
  ended(unlisted: Readonly<Record<string, number>>): void
}

const TICK_US = 1_000

/** How long requests in flight may still take when the load is stopped early. */
const STOP_GRACE_US = 1_000_000

/**
 * How long requests are sent before answers are read again. Without a limit, a thread that is behind sees no
 * connection come free and opens one for every request that is due, which puts it further behind.
 */
const BURST_US = 1_000

/**
 * Runs the open loop on the calling thread: on a 1 ms timer sends all that is due by the absolute plan,
 * whatever the server does. Aborting the signal stops it early.
 */
export function paceLoad(
  plan: LoadPlan,
  nowUs: () => number,
  receiver: LoadReceiver,
  signal: AbortSignal,
): void {
  new Pacer(plan, nowUs, receiver, signal).tick()
}

class Pacer {
  readonly #due: Schedule
  readonly #startUs: number
  readonly #nowUs: () => number
  readonly #receiver: LoadReceiver
  readonly #signal: AbortSignal
  readonly #collector: FrameCollector
  readonly #engine: RawEngine
  #nextSeq = 0
  #dueInFrames = 0
  #lastTickUs: number
  /** When a stopped load cuts off what is still in flight. */
  #cutOffAtUs: number | undefined

  constructor(plan: LoadPlan, nowUs: () => number, receiver: LoadReceiver, signal: AbortSignal) {
    this.#due = schedule(plan.load.schedule)
    this.#startUs = plan.loadStartsAtUs
    this.#nowUs = nowUs
    this.#receiver = receiver
    this.#signal = signal
    this.#collector = new FrameCollector(plan.loadStartsAtUs, plan.maxListedFailures)
    this.#engine = new RawEngine(plan, this.#collector, nowUs)
    this.#lastTickUs = nowUs()
  }

  tick(): void {
    const tickUs = this.#nowUs()
    if (tickUs > this.#startUs) this.#collector.loopDelay(tickUs - this.#lastTickUs - TICK_US)
    this.#lastTickUs = tickUs
    while (tickUs >= this.#collector.frameEndUs) this.#emitFrame()
    if (this.#signal.aborted) this.#cutOffAtUs ??= tickUs + STOP_GRACE_US
    else this.#sendDue(tickUs + BURST_US)
    this.#engine.tick(this.#nowUs())
    if (this.#isOver(tickUs)) this.#finish()
    else if (this.#nextDueAtUs() <= this.#nowUs()) setImmediate(() => this.tick())
    else setTimeout(() => this.tick(), TICK_US / US_PER_MS)
  }

  /** When the next request is due; Infinity when there will be none. */
  #nextDueAtUs(): number {
    return this.#signal.aborted ? Infinity : this.#startUs + this.#due.dueAtUs(this.#nextSeq)
  }

  #sendDue(untilUs: number): void {
    for (;;) {
      const dueAtUs = this.#startUs + this.#due.dueAtUs(this.#nextSeq)
      const nowUs = this.#nowUs()
      if (dueAtUs > nowUs || nowUs > untilUs) return
      this.#engine.send(this.#nextSeq, dueAtUs)
      this.#nextSeq++
    }
  }

  #isOver(tickUs: number): boolean {
    if (this.#cutOffAtUs !== undefined && tickUs >= this.#cutOffAtUs) return true
    if (this.#engine.inFlight > 0) return false
    if (this.#signal.aborted) return true
    return this.#nextSeq >= this.#due.count && tickUs - this.#startUs >= this.#due.durationUs
  }

  #finish(): void {
    this.#engine.close()
    const unsent = this.#due.count - this.#nextSeq
    if (unsent > 0) this.#collector.notSent('stopped', unsent)
    do this.#emitFrame()
    while (this.#nowUs() >= this.#collector.frameEndUs)
    this.#receiver.ended(this.#collector.unlisted)
  }

  #emitFrame(): void {
    const byPlan = this.#due.dueCount(this.#collector.frameEndUs - 1 - this.#startUs)
    const dueByEnd = this.#signal.aborted ? Math.min(byPlan, this.#nextSeq) : byPlan
    const frame = this.#collector.takeFrame({
      due: Math.max(0, dueByEnd - this.#dueInFrames),
      inFlight: this.#engine.inFlight,
      connections: this.#engine.connections,
    })
    this.#dueInFrames = Math.max(this.#dueInFrames, dueByEnd)
    this.#receiver.frame(frame, this.#collector.takeFailures())
  }
}
