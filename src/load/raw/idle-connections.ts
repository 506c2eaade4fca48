import type { Connection } from './connection.ts'

/** Open connections without a request, the one used last first. Constant time, whichever leaves. */
export class IdleConnections {
  readonly #stack: Connection[] = []

  push(connection: Connection): void {
    connection.idleAt = this.#stack.length
    this.#stack.push(connection)
  }

  /** The one used last, which then is no longer idle. */
  pop(): Connection | undefined {
    const connection = this.#stack.pop()
    if (connection) connection.idleAt = -1
    return connection
  }

  /** Takes one out wherever it is; does nothing with one that is not idle. */
  remove(connection: Connection): void {
    if (connection.idleAt < 0) return
    const last = this.#stack.pop()
    if (last && last !== connection) {
      last.idleAt = connection.idleAt
      this.#stack[connection.idleAt] = last
    }
    connection.idleAt = -1
  }

  get count(): number {
    return this.#stack.length
  }
}
