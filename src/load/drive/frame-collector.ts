import { type Histogram, histogram } from '../../base/histogram.ts'
import type { Exchange } from '../engine.ts'
import {
  type AnsweredCounts,
  type EndedCounts,
  FRAME_US,
  type LoadFrame,
  type NotSentReason,
} from '../load-frame.ts'
import type { ConnectionUse, Outcome, RequestFailure } from '../request-failure.ts'
import { describeFailure } from './describe-failure.ts'

/** A request is late when it is sent more than this after it was due. */
const LATE_US = 10_000

/** What a driver knows at the end of a frame. */
export interface FrameState {
  readonly due: number
  readonly inFlight: number
  readonly connections: number
  readonly users?: number
  readonly busyUs?: number
  readonly gcUs?: number
}

/** Counts what happens on one thread into frames; each count is in exactly one frame. */
export class FrameCollector {
  readonly #thread: number
  #frameAtUs: number
  #sent = 0
  #late = 0
  #notSent = new Map<NotSentReason, number>()
  #loopDelayUs = 0
  #answeredBy = new Map<string, Answered>()
  readonly #byTag = new Map<string, EndCounter>()
  #inFlight = 0
  #inFlightUs = 0
  #inFlightSinceUs: number
  readonly #sendLag = histogram()
  readonly #poolWait = histogram()
  readonly #uses: Record<ConnectionUse, EndCounter> = {
    new: new EndCounter(),
    reused: new EndCounter(),
  }
  readonly #maxListed: number
  #listed = 0
  #failures: RequestFailure[] = []
  readonly #unlisted = new Map<string, number>()

  constructor(firstFrameAtUs: number, maxListedFailures: number, thread = 0) {
    this.#frameAtUs = firstFrameAtUs
    this.#inFlightSinceUs = firstFrameAtUs
    this.#maxListed = maxListedFailures
    this.#thread = thread
  }

  /** When the frame that is being filled ends. */
  get frameEndUs(): number {
    return this.#frameAtUs + FRAME_US
  }

  /** A request was sent; `waitedUs` of its lag it waited for a connection. */
  sent(dueAtUs: number, sentAtUs: number, waitedUs = 0): void {
    this.#sent++
    const lagUs = sentAtUs - dueAtUs
    this.#sendLag.record(lagUs)
    if (lagUs > LATE_US) this.#late++
    if (waitedUs > 0) this.#poolWait.record(waitedUs)
    this.#integrateTo(sentAtUs)
    this.#inFlight++
  }

  notSent(reason: NotSentReason, count = 1): void {
    this.#notSent.set(reason, (this.#notSent.get(reason) ?? 0) + count)
  }

  loopDelay(delayUs: number): void {
    if (delayUs > this.#loopDelayUs) this.#loopDelayUs = delayUs
  }

  ended(exchange: Exchange, outcome: Outcome, detail: string | undefined): void {
    this.#integrateTo(exchange.endedAtUs)
    this.#inFlight--
    this.#uses[exchange.use].add(exchange, outcome)
    const tag = exchange.request?.tag
    if (tag !== undefined) this.#counterOf(tag).add(exchange, outcome)
    if (exchange.answeredBy !== undefined) this.#answered(exchange.answeredBy, exchange)
    if (outcome !== 'ok') this.#failure(exchange, outcome, detail)
  }

  /** Failures since the last call. */
  takeFailures(): RequestFailure[] {
    const failures = this.#failures
    this.#failures = []
    return failures
  }

  /** Failures that are only counted, by outcome. */
  get unlisted(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#unlisted)
  }

  /** Closes the frame and begins the next one. */
  takeFrame({ due, inFlight, connections, ...more }: FrameState): LoadFrame {
    this.#integrateTo(this.frameEndUs)
    const poolWait = this.#poolWait.drain()
    const frame: LoadFrame = {
      atUs: this.#frameAtUs,
      thread: this.#thread,
      due,
      sent: this.#sent,
      notSent: Object.fromEntries(this.#notSent),
      late: this.#late,
      inFlight,
      connections,
      ended: { new: this.#uses.new.take(), reused: this.#uses.reused.take() },
      ...(this.#byTag.size > 0 && { byTag: this.#takeTags() }),
      sendLag: this.#sendLag.drain(),
      ...(poolWait.length > 0 && { poolWait }),
      inFlightUs: this.#inFlightUs,
      ...more,
      loopDelayUs: Math.round(this.#loopDelayUs),
      answeredBy: Object.fromEntries(
        [...this.#answeredBy].map(([name, answered]) => [name, answered.counts()]),
      ),
    }
    this.#frameAtUs += FRAME_US
    this.#sent = 0
    this.#late = 0
    this.#notSent = new Map()
    this.#loopDelayUs = 0
    this.#inFlightUs = 0
    this.#answeredBy = new Map()
    return frame
  }

  /** A frame may be closed a little after its end: what is counted until then is the next one's. */
  #integrateTo(atUs: number): void {
    if (atUs <= this.#inFlightSinceUs) return
    this.#inFlightUs += this.#inFlight * (atUs - this.#inFlightSinceUs)
    this.#inFlightSinceUs = atUs
  }

  #failure(exchange: Exchange, outcome: Exclude<Outcome, 'ok'>, detail: string | undefined): void {
    if (this.#listed < this.#maxListed) {
      this.#listed++
      this.#failures.push(describeFailure(exchange, outcome, detail))
    } else this.#unlisted.set(outcome, (this.#unlisted.get(outcome) ?? 0) + 1)
  }

  #answered(name: string, exchange: Exchange): void {
    let answered = this.#answeredBy.get(name)
    if (!answered) this.#answeredBy.set(name, (answered = new Answered()))
    answered.add(exchange)
  }

  #counterOf(tag: string): EndCounter {
    let counter = this.#byTag.get(tag)
    if (!counter) this.#byTag.set(tag, (counter = new EndCounter()))
    return counter
  }

  #takeTags(): Record<string, EndedCounts> {
    const taken: [string, EndedCounts][] = []
    for (const [tag, counter] of this.#byTag) {
      if (counter.count > 0) taken.push([tag, counter.take()])
    }
    return Object.fromEntries(taken)
  }
}

/** An answer came whole, so it has a response time; whether it was liked is another matter. */
const isAnswered = (outcome: Outcome): boolean => outcome === 'ok' || outcome.startsWith('bad-')

class EndCounter {
  count = 0
  #ok = 0
  #others = new Map<Outcome, number>()
  #statuses = new Map<number, number>()
  #bytesIn = 0
  readonly #responseTime: Histogram = histogram()
  readonly #serviceTime: Histogram = histogram()

  add(exchange: Exchange, outcome: Outcome): void {
    const { status, endedAtUs } = exchange
    this.count++
    this.#bytesIn += exchange.bytesReceived
    if (status > 0) this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1)
    if (outcome === 'ok') this.#ok++
    else this.#others.set(outcome, (this.#others.get(outcome) ?? 0) + 1)
    if (!isAnswered(outcome)) return
    this.#responseTime.record(endedAtUs - exchange.dueAtUs)
    this.#serviceTime.record(endedAtUs - exchange.sentAtUs)
  }

  take(): EndedCounts {
    const taken: EndedCounts = {
      outcomes: { ...(this.#ok > 0 && { ok: this.#ok }), ...Object.fromEntries(this.#others) },
      statuses: Object.fromEntries(this.#statuses),
      responseTime: this.#responseTime.drain(),
      serviceTime: this.#serviceTime.drain(),
      bytesIn: this.#bytesIn,
    }
    this.count = 0
    this.#ok = 0
    this.#others = new Map()
    this.#statuses = new Map()
    this.#bytesIn = 0
    return taken
  }
}

class Answered {
  #new = 0
  #reused = 0
  #lastNewSentAtUs: number | undefined
  #lastReusedSentAtUs: number | undefined

  add({ use, sentAtUs }: Exchange): void {
    if (use === 'new') {
      this.#new++
      this.#lastNewSentAtUs = Math.max(this.#lastNewSentAtUs ?? 0, sentAtUs)
    } else {
      this.#reused++
      this.#lastReusedSentAtUs = Math.max(this.#lastReusedSentAtUs ?? 0, sentAtUs)
    }
  }

  counts(): AnsweredCounts {
    return {
      new: this.#new,
      reused: this.#reused,
      ...(this.#lastNewSentAtUs !== undefined && { lastNewSentAtUs: this.#lastNewSentAtUs }),
      ...(this.#lastReusedSentAtUs !== undefined && {
        lastReusedSentAtUs: this.#lastReusedSentAtUs,
      }),
    }
  }
}
