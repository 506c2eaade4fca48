import type { Exchange } from '../engine.ts'
import type { Outcome } from '../request-failure.ts'

/** Decides when which request is sent; the open and the closed loop are two of them. Instants are µs since the run began. */
export interface Sender {
  /** Sends what is due, as long as the clock is not past `untilUs`: answers must be read now and then. */
  pump(nowUs: number, untilUs: number): void
  /** A request has ended; may send at once. */
  ended(exchange: Exchange, outcome: Outcome): void
  /** When `pump` has something to do again; Infinity when only an answer can bring that about, or nothing. */
  readonly nextDueAtUs: number
  /** What falls due from this instant on, which must not be past, is not planned any more. */
  finishAt(atUs: number): void
  /** Whether nothing will be sent any more. */
  isDone(nowUs: number): boolean
  /** How many requests have fallen due before an instant, from the beginning on. */
  dueBefore(atUs: number): number
  /** How many requests have been sent or given up. */
  readonly begun: number
  /** Planned requests that will not be sent when the load is stopped now. */
  readonly unsent: number
  /** Users that are active; closed loop only. */
  readonly users: number | undefined
}
