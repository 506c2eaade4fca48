import { type Histogram, histogram } from '../base/histogram.ts'
import { type EndedCounts, FRAME_US, type LoadFrame, type NotSentReason } from './load-frame.ts'
import type { ConnectionUse, Outcome, RequestFailure } from './request-failure.ts'

/** A request is late when it is sent more than this after it was due. */
const LATE_US = 10_000

export interface EndedRequest {
  readonly use: ConnectionUse
  readonly outcome: Outcome
  /** 0 when no head arrived. */
  readonly status: number
  readonly dueAtUs: number
  readonly sentAtUs: number
  readonly endedAtUs: number
  readonly bytesIn: number
  readonly answeredBy: string | undefined
}

/** Counts what happens on one thread into frames; each count is in exactly one frame. */
export class FrameCollector {
  #frameAtUs: number
  #sent = 0
  #late = 0
  #notSent = new Map<NotSentReason, number>()
  #loopDelayUs = 0
  #answeredBy = new Map<string, Answered>()
  readonly #sendLag = histogram()
  readonly #uses: Record<ConnectionUse, UseCounts> = {
    new: new UseCounts(),
    reused: new UseCounts(),
  }
  readonly #maxListed: number
  #listed = 0
  #failures: RequestFailure[] = []
  readonly #unlisted = new Map<string, number>()

  constructor(firstFrameAtUs: number, maxListedFailures: number) {
    this.#frameAtUs = firstFrameAtUs
    this.#maxListed = maxListedFailures
  }

  /** When the frame that is being filled ends. */
  get frameEndUs(): number {
    return this.#frameAtUs + FRAME_US
  }

  sent(dueAtUs: number, sentAtUs: number): void {
    this.#sent++
    const lagUs = sentAtUs - dueAtUs
    this.#sendLag.record(lagUs)
    if (lagUs > LATE_US) this.#late++
  }

  notSent(reason: NotSentReason, count = 1): void {
    this.#notSent.set(reason, (this.#notSent.get(reason) ?? 0) + count)
  }

  loopDelay(delayUs: number): void {
    if (delayUs > this.#loopDelayUs) this.#loopDelayUs = delayUs
  }

  ended(request: EndedRequest): void {
    this.#uses[request.use].add(request)
    if (request.answeredBy === undefined) return
    const answered = this.#answeredBy.get(request.answeredBy) ?? new Answered()
    answered.add(request)
    this.#answeredBy.set(request.answeredBy, answered)
  }

  failure(failure: RequestFailure): void {
    if (this.#listed < this.#maxListed) {
      this.#listed++
      this.#failures.push(failure)
    } else this.#unlisted.set(failure.outcome, (this.#unlisted.get(failure.outcome) ?? 0) + 1)
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
  takeFrame(state: { due: number; inFlight: number; connections: number }): LoadFrame {
    const frame: LoadFrame = {
      atUs: this.#frameAtUs,
      due: state.due,
      sent: this.#sent,
      notSent: Object.fromEntries(this.#notSent),
      late: this.#late,
      inFlight: state.inFlight,
      connections: state.connections,
      ended: { new: this.#uses.new.take(), reused: this.#uses.reused.take() },
      sendLag: this.#sendLag.drain(),
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
    this.#answeredBy = new Map()
    return frame
  }
}

class UseCounts {
  #outcomes = new Map<Outcome, number>()
  #statuses = new Map<number, number>()
  #bytesIn = 0
  readonly #responseTime: Histogram = histogram()
  readonly #serviceTime: Histogram = histogram()

  add(request: EndedRequest): void {
    const { outcome, status, endedAtUs } = request
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1)
    this.#bytesIn += request.bytesIn
    if (status > 0) this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1)
    if (outcome !== 'ok' && outcome !== 'bad-status') return
    this.#responseTime.record(endedAtUs - request.dueAtUs)
    this.#serviceTime.record(endedAtUs - request.sentAtUs)
  }

  take(): EndedCounts {
    const taken: EndedCounts = {
      outcomes: Object.fromEntries(this.#outcomes),
      statuses: Object.fromEntries(this.#statuses),
      responseTime: this.#responseTime.drain(),
      serviceTime: this.#serviceTime.drain(),
      bytesIn: this.#bytesIn,
    }
    this.#outcomes = new Map()
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

  add(request: EndedRequest): void {
    if (request.use === 'new') {
      this.#new++
      this.#lastNewSentAtUs = Math.max(this.#lastNewSentAtUs ?? 0, request.sentAtUs)
    } else {
      this.#reused++
      this.#lastReusedSentAtUs = Math.max(this.#lastReusedSentAtUs ?? 0, request.sentAtUs)
    }
  }

  counts() {
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
