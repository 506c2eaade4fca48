import type { Engine, Exchange } from '../engine.ts'
import { countOfShare, type LoadPlan, type ThreadShare } from '../load-plan.ts'
import type { Outcome } from '../request-failure.ts'
import type { RequestSource } from '../request-source.ts'
import { type UsersPlan, usersPlan } from '../users-plan.ts'
import type { FrameCollector } from './frame-collector.ts'
import type { Sender } from './sender.ts'

/** A user that could not send: no connection was free, or the file was not read so far. */
interface Waiting {
  readonly isNew: boolean
  readonly sinceUs: number
}

/**
 * As many users as the plan says, each sending its next request when the last one has ended. A request is due when
 * its user is free. Users are alike, but for whether they open a connection for each request.
 *
 * Invariant: active = in flight + waiting, apart for both kinds of user.
 */
export class ClosedLoop implements Sender {
  readonly unsent = 0
  readonly #plan: UsersPlan
  readonly #share: ThreadShare
  readonly #startUs: number
  #durationUs: number
  readonly #connections: LoadPlan['load']['connections']
  readonly #source: RequestSource
  readonly #engine: Engine
  readonly #collector: FrameCollector
  #waiting: Waiting[] = []
  #next = 0
  #sentAtUs = 0
  #isEnded = false
  readonly #active = { reuse: 0, new: 0 }
  readonly #wanted = { reuse: 0, new: 0 }

  constructor(
    plan: LoadPlan,
    share: ThreadShare,
    source: RequestSource,
    engine: Engine,
    collector: FrameCollector,
  ) {
    this.#plan = usersPlan(plan.load.users ?? [])
    this.#durationUs = this.#plan.durationUs
    this.#share = share
    this.#startUs = plan.loadStartsAtUs
    this.#connections = plan.load.connections
    this.#source = source
    this.#engine = engine
    this.#collector = collector
  }

  get nextDueAtUs(): number {
    return Infinity
  }

  get begun(): number {
    return this.#next
  }

  get users(): number {
    return this.#active.reuse + this.#active.new
  }

  pump(nowUs: number, untilUs: number): void {
    this.#want(nowUs)
    if (this.#waiting.length > 0) this.#letWaitingGo()
    for (const isNew of [false, true]) {
      const kind = kindOf(isNew)
      while (this.#active[kind] < this.#wanted[kind] && this.#sentAtUs <= untilUs) {
        this.#active[kind]++
        this.#begin({ isNew, sinceUs: nowUs })
      }
    }
  }

  ended({ isSingleUse, endedAtUs }: Exchange, outcome: Outcome): void {
    const kind = kindOf(isSingleUse)
    // Without a port or a descriptor the next try would fail within this very turn, and the one after it.
    if (outcome === 'generator') this.#waiting.push({ isNew: isSingleUse, sinceUs: endedAtUs })
    else if (this.#isEnded || this.#active[kind] > this.#wanted[kind]) this.#active[kind]--
    else this.#begin({ isNew: isSingleUse, sinceUs: endedAtUs })
  }

  finishAt(atUs: number): void {
    this.#durationUs = Math.min(this.#durationUs, atUs - this.#startUs)
  }

  isDone(nowUs: number): boolean {
    return this.#isEnded || nowUs - this.#startUs >= this.#durationUs
  }

  dueBefore(): number {
    return this.#next
  }

  #want(nowUs: number): void {
    const elapsedUs = nowUs - this.#startUs
    const isOver = this.#isEnded || elapsedUs < 0 || elapsedUs >= this.#durationUs
    const users = isOver ? 0 : this.#plan.usersAt(elapsedUs)
    const mine = countOfShare(users, this.#share)
    const isNew = { new: mine, reuse: 0, both: Math.floor(mine / 2) }[this.#connections]
    this.#wanted.new = isNew
    this.#wanted.reuse = mine - isNew
  }

  #letWaitingGo(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const user of waiting) {
      const kind = kindOf(user.isNew)
      if (this.#active[kind] > this.#wanted[kind]) this.#active[kind]--
      else this.#begin(user)
    }
  }

  /** Sends the next request of a user, or lets it wait. */
  #begin(user: Waiting): void {
    const seq = this.#next * this.#share.count + this.#share.index
    const request = this.#engine.hasRoom(user.isNew) ? this.#source.next(seq) : 'not-yet'
    if (request === 'not-yet') this.#waiting.push(user)
    else if (request === 'ended') {
      this.#isEnded = true
      this.#active[kindOf(user.isNew)]--
    } else {
      this.#next++
      this.#sentAtUs = this.#engine.send(request, seq, user.sinceUs, user.isNew)
      this.#collector.sent(user.sinceUs, this.#sentAtUs, this.#sentAtUs - user.sinceUs)
    }
  }
}

const kindOf = (isNew: boolean): 'new' | 'reuse' => (isNew ? 'new' : 'reuse')
