import type { Connection } from './connection.ts'

/**
 * The deadlines of the requests in flight. All have the same time-out, so the order of sending is the order
 * of expiry, and a queue does what a timer wheel would.
 */
export class Deadlines {
  readonly #timeoutUs: number
  #connections: (Connection | undefined)[] = []
  #seqs: number[] = []
  #sentAtUs: number[] = []
  #head = 0

  constructor(timeoutUs: number) {
    this.#timeoutUs = timeoutUs
  }

  add(connection: Connection): void {
    this.#connections.push(connection)
    this.#seqs.push(connection.seq)
    this.#sentAtUs.push(connection.sentAtUs)
  }

  /** Takes out everything whose time has passed, and calls back for what is still unanswered. */
  expire(nowUs: number, onExpired: (connection: Connection) => void): void {
    while (this.#head < this.#seqs.length) {
      if ((this.#sentAtUs[this.#head] ?? 0) + this.#timeoutUs > nowUs) break
      const connection = this.#connections[this.#head]
      const isOpen = connection?.request && connection.seq === this.#seqs[this.#head]
      this.#connections[this.#head] = undefined
      this.#head++
      if (isOpen && !connection.isDead) onExpired(connection)
    }
    if (this.#head > 50_000 && this.#head * 2 > this.#seqs.length) this.#compact()
  }

  #compact(): void {
    this.#connections = this.#connections.slice(this.#head)
    this.#seqs = this.#seqs.slice(this.#head)
    this.#sentAtUs = this.#sentAtUs.slice(this.#head)
    this.#head = 0
  }
}
