import type { Engine, Exchange } from '../engine.ts'
import { countOfShare, type LoadPlan, type ThreadShare } from '../load-plan.ts'
import type { PreparedRequest } from '../prepared-request.ts'
import type { RequestSource } from '../request-source.ts'
import { type Schedule, schedule } from '../schedule.ts'
import type { FrameCollector } from './frame-collector.ts'
import type { Sender } from './sender.ts'

/**
 * Sends request *n* when the schedule says, whatever the server does.
 *
 * Invariants: requests go in the order of the schedule, each is sent or counted as not sent exactly once, and what is
 * late is sent late, never left out; only one that found no connection for its whole time-out is given up.
 */
export class OpenLoop implements Sender {
  readonly users = undefined
  nextDueAtUs: number
  readonly #due: Schedule
  readonly #share: ThreadShare
  readonly #startUs: number
  readonly #timeoutUs: number
  readonly #connections: LoadPlan['load']['connections']
  readonly #source: RequestSource
  readonly #engine: Engine
  readonly #collector: FrameCollector
  /** This thread's requests so far. */
  #next = 0
  #total: number
  #durationUs: number
  /** Taken from the source, not sent yet. */
  #request: PreparedRequest | undefined
  /** Since when requests wait for a connection; 0 when none does. */
  #blockedSinceUs = 0

  constructor(
    plan: LoadPlan,
    share: ThreadShare,
    source: RequestSource,
    engine: Engine,
    collector: FrameCollector,
  ) {
    this.#due = schedule(plan.load.schedule)
    this.#share = share
    this.#startUs = plan.loadStartsAtUs
    this.#timeoutUs = plan.load.timeoutUs
    this.#connections = plan.load.connections
    this.#source = source
    this.#engine = engine
    this.#collector = collector
    this.#total = countOfShare(this.#due.count, share)
    this.#durationUs = this.#due.durationUs
    this.nextDueAtUs = this.#dueAtUs(0)
  }

  pump(nowUs: number, untilUs: number): void {
    let now = nowUs
    while (this.nextDueAtUs <= now && now <= untilUs) {
      const request = (this.#request ??= this.#take())
      if (!request) return
      const isNew = this.#isNew()
      if (!this.#engine.hasRoom(isNew)) {
        if (this.#blockedSinceUs === 0) this.#blockedSinceUs = now
        if (!this.#engine.isFull || now - this.nextDueAtUs < this.#timeoutUs) return
        this.#collector.notSent('connection-limit')
      } else now = this.#send(request, isNew)
      this.#advance()
    }
    if (this.nextDueAtUs > now) this.#blockedSinceUs = 0
  }

  /** What fell due while the thread was reading answers goes out at once, not at the next tick. */
  ended({ endedAtUs }: Exchange): void {
    if (this.nextDueAtUs <= endedAtUs) this.pump(endedAtUs, endedAtUs)
  }

  finishAt(atUs: number): void {
    this.#total = this.dueBefore(atUs)
    this.#durationUs = Math.min(this.#durationUs, atUs - this.#startUs)
    if (this.#next >= this.#total) this.nextDueAtUs = Infinity
  }

  isDone(nowUs: number): boolean {
    return this.#next >= this.#total && nowUs - this.#startUs >= this.#durationUs
  }

  dueBefore(atUs: number): number {
    return Math.min(
      this.#total,
      countOfShare(this.#due.dueCount(atUs - 1 - this.#startUs), this.#share),
    )
  }

  get begun(): number {
    return this.#next
  }

  get unsent(): number {
    return this.#total - this.#next
  }

  #take(): PreparedRequest | undefined {
    const request = this.#source.next(this.#seq(this.#next))
    if (request === 'not-yet') return undefined
    if (request !== 'ended') return request
    this.#total = this.#next
    this.nextDueAtUs = Infinity
    return undefined
  }

  #send(request: PreparedRequest, isNew: boolean): number {
    const dueAtUs = this.nextDueAtUs
    const sentAtUs = this.#engine.send(request, this.#seq(this.#next), dueAtUs, isNew)
    const waitedUs =
      this.#blockedSinceUs === 0 ? 0 : sentAtUs - Math.max(dueAtUs, this.#blockedSinceUs)
    this.#collector.sent(dueAtUs, sentAtUs, waitedUs)
    return sentAtUs
  }

  #advance(): void {
    this.#request = undefined
    this.#next++
    this.nextDueAtUs = this.#next < this.#total ? this.#dueAtUs(this.#next) : Infinity
  }

  #isNew(): boolean {
    return this.#connections === 'new' || (this.#connections === 'both' && this.#next % 2 === 1)
  }

  #seq(nth: number): number {
    return nth * this.#share.count + this.#share.index
  }

  #dueAtUs(nth: number): number {
    return this.#startUs + this.#due.dueAtUs(this.#seq(nth))
  }
}
