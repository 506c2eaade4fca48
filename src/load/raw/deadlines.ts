/** What has a deadline: a link in a {@link Deadlines} list. */
export interface Expiring {
  readonly sentAtUs: number
  earlier: Expiring | undefined
  later: Expiring | undefined
}

/**
 * The requests in flight, in the order in which they were sent. All have the same time-out, so this is the order of
 * expiry too: a linked list does what a timer wheel would, in constant time and without allocation.
 */
export class Deadlines<T extends Expiring> {
  readonly #timeoutUs: number
  #first: T | undefined
  #last: T | undefined

  constructor(timeoutUs: number) {
    this.#timeoutUs = timeoutUs
  }

  /** Adds what has just been sent, not before anything added earlier. */
  add(one: T): void {
    one.earlier = this.#last
    one.later = undefined
    if (this.#last) this.#last.later = one
    else this.#first = one
    this.#last = one
  }

  /** Takes out what is in the list. */
  remove(one: T): void {
    if (one.earlier) one.earlier.later = one.later
    else this.#first = one.later as T | undefined
    if (one.later) one.later.earlier = one.earlier
    else this.#last = one.earlier as T | undefined
    one.earlier = undefined
    one.later = undefined
  }

  /** Calls back for each whose time has passed; the callback takes it out. */
  expire(nowUs: number, onExpired: (one: T) => void): void {
    for (;;) {
      const first = this.#first
      if (!first || first.sentAtUs + this.#timeoutUs > nowUs) return
      onExpired(first)
      if (this.#first === first) throw new Error('an expired request stayed in the list')
    }
  }
}
