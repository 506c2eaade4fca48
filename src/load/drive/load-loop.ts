import { US_PER_MS } from '../../base/units.ts'
import type { Engine } from '../engine.ts'
import { isCountKnown } from '../is-count-known.ts'
import type { LoadFrame } from '../load-frame.ts'
import type { LoadPlan } from '../load-plan.ts'
import type { RequestLog } from './request-lines.ts'
import type { RequestFailure } from '../request-failure.ts'
import type { ThreadHealth } from '../thread-health.ts'
import type { FrameCollector } from './frame-collector.ts'
import type { Sender } from './sender.ts'

/** What a generator thread tells. */
export interface LoadReceiver {
  /** `lines` are of the request log; empty without one. */
  frame(frame: LoadFrame, failures: readonly RequestFailure[], lines: string): void
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

/** What a {@link LoadLoop} works with. */
export interface LoadParts {
  readonly plan: LoadPlan
  readonly engine: Engine
  readonly sender: Sender
  readonly collector: FrameCollector
  readonly health: ThreadHealth
  /** Absent: no request log is wanted. */
  readonly log: RequestLog | undefined
  readonly nowUs: () => number
  readonly receiver: LoadReceiver
  /** Aborting it stops the load early. */
  readonly signal: AbortSignal
}

/**
 * Turns the crank of a generator thread: every millisecond (or, with `pace: spin`, without a pause) it lets the sender
 * send what is due and the engine end what is overdue, and closes frames.
 */
export class LoadLoop {
  readonly #parts: LoadParts
  readonly #isSpinning: boolean
  readonly #isCountKnown: boolean
  isFinished = false
  #dueInFrames = 0
  #lastTickUs: number
  /** When a stopped load cuts off what is still in flight. */
  #cutOffAtUs: number | undefined

  constructor(parts: LoadParts) {
    this.#parts = parts
    this.#isCountKnown = isCountKnown(parts.plan.load)
    this.#isSpinning = parts.plan.load.pace === 'spin'
    this.#lastTickUs = parts.nowUs()
  }

  readonly tick = (): void => {
    const { plan, engine, sender, collector, nowUs, signal } = this.#parts
    const tickUs = nowUs()
    if (tickUs > plan.loadStartsAtUs) {
      collector.loopDelay(tickUs - this.#lastTickUs - (this.#isSpinning ? 0 : TICK_US))
    }
    this.#lastTickUs = tickUs
    while (tickUs >= collector.frameEndUs) this.#emitFrame()
    engine.tick(tickUs)
    if (!signal.aborted) sender.pump(tickUs, tickUs + BURST_US)
    else if (this.#cutOffAtUs === undefined) this.#stop(tickUs)
    if (this.#isOver(tickUs)) this.#finish()
    else if (this.#isSpinning || (!signal.aborted && sender.nextDueAtUs <= nowUs())) {
      setImmediate(this.tick)
    } else setTimeout(this.tick, TICK_US / US_PER_MS)
  }

  #stop(tickUs: number): void {
    this.#cutOffAtUs = tickUs + STOP_GRACE_US
    if (!this.#isCountKnown) this.#parts.sender.finishAt(tickUs)
  }

  #isOver(tickUs: number): boolean {
    const { engine, sender, signal } = this.#parts
    if (this.#cutOffAtUs !== undefined && tickUs >= this.#cutOffAtUs) return true
    if (engine.inFlight > 0) return false
    return signal.aborted || sender.isDone(tickUs)
  }

  #finish(): void {
    const { engine, sender, collector, health, nowUs, receiver } = this.#parts
    this.isFinished = true
    engine.close()
    if (sender.unsent > 0) collector.notSent('stopped', sender.unsent)
    do this.#emitFrame()
    while (nowUs() >= collector.frameEndUs)
    health.close()
    receiver.ended(collector.unlisted)
  }

  #emitFrame(): void {
    const { engine, sender, collector, health, log, receiver, signal } = this.#parts
    const dueByPlan = sender.dueBefore(collector.frameEndUs)
    // What a stopped load never sent does not fall due any more.
    const isCapped = signal.aborted && this.#isCountKnown
    const dueByEnd = isCapped ? Math.min(dueByPlan, sender.begun) : dueByPlan
    const { users } = sender
    const frame = collector.takeFrame({
      due: Math.max(0, dueByEnd - this.#dueInFrames),
      inFlight: engine.inFlight,
      connections: engine.connections,
      ...(users !== undefined && { users }),
      ...health.takeFrame(),
    })
    this.#dueInFrames = Math.max(this.#dueInFrames, dueByEnd)
    receiver.frame(frame, collector.takeFailures(), log?.take() ?? '')
  }
}
