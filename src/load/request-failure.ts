import type { FailureClass } from '../scenario/failure-class.ts'

export type { FailureClass } from '../scenario/failure-class.ts'

/** `cut-off`: still open when the run ended, neither ok nor the server's failure. */
export type Outcome = 'ok' | 'bad-status' | 'bad-header' | 'bad-body' | 'cut-off' | FailureClass

/** `new`: the first request on its connection; `reused`: at least one was answered on it before. */
export type ConnectionUse = 'new' | 'reused'

/** One request that did not end well, whole. Instants are µs since the run began. */
export interface RequestFailure {
  /** The request's number in the schedule, from 0. */
  readonly seq: number
  readonly method: string
  readonly tag?: string
  readonly dueAtUs: number
  readonly sentAtUs: number
  readonly firstByteAtUs?: number
  readonly endedAtUs: number
  readonly outcome: Exclude<Outcome, 'ok'>
  readonly status?: number
  readonly connection: ConnectionUse
  /** Requests answered on the connection before this one. */
  readonly servedBefore: number
  /** From the start of connecting to the sending of this request. */
  readonly connectionAgeUs: number
  /** Our TCP port; finds the request in the other side's log. */
  readonly localPort?: number
  /** Bytes of this answer that arrived. */
  readonly bytesReceived: number
  /** Who answered this request, by the identity header, when its head arrived. */
  readonly answeredBy?: string
  /** Who answered before on this connection. */
  readonly answeredBefore?: string
  /** The system's or the parser's own word: `ECONNRESET`, `bad chunk size`. */
  readonly detail?: string
}
