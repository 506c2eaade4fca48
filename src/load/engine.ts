import type { PreparedRequest } from './prepared-request.ts'
import type { ConnectionUse, Outcome } from './request-failure.ts'

/**
 * One request and what became of it; instants are µs since the run began. An engine may use the object again for
 * the next request, so what is needed later must be copied.
 */
export interface Exchange {
  readonly request: PreparedRequest | undefined
  /** The request's number in the schedule, from 0. */
  readonly seq: number
  readonly dueAtUs: number
  readonly sentAtUs: number
  /** 0: no byte has arrived. */
  readonly firstByteAtUs: number
  readonly endedAtUs: number
  /** 0: no head has arrived. */
  readonly status: number
  readonly bytesReceived: number
  readonly use: ConnectionUse
  /** Whether it was sent with `isNew`: on a connection of its own. */
  readonly isSingleUse: boolean
  /** Requests answered on the connection before this one. */
  readonly servedBefore: number
  /** From the start of connecting to the sending of this request. */
  readonly connectionAgeUs: number
  /** From the start of connecting until the connection, TLS included, was there; 0 when it was there already, or never. */
  readonly connectUs: number
  readonly localPort: number | undefined
  /** Who answered, by the identity header. */
  readonly answeredBy: string | undefined
  /** Who answered before on this connection. */
  readonly answeredBefore: string | undefined
}

/** Told once for each request that was sent. */
export type EndListener = (exchange: Exchange, outcome: Outcome, detail: string | undefined) => void

/**
 * What sends requests: no pipelining, no retry, no redirect. Each `send` ends in exactly one outcome, told to the
 * listener; nothing that the other side does makes a method throw.
 */
export interface Engine {
  readonly inFlight: number
  readonly connections: number
  /** Whether a request can be sent now. */
  hasRoom(isNew: boolean): boolean
  /** Whether it has all the connections it may have, each busy; when not, room comes without an answer. */
  readonly isFull: boolean
  /** Sends a request, on a connection of its own when `isNew`; gives when, µs since the run began. */
  send(request: PreparedRequest, seq: number, dueAtUs: number, isNew: boolean): number
  /** Ends every request whose time is over; to be called about once a millisecond. */
  tick(nowUs: number): void
  /** Closes everything; what is still in flight ends as `cut-off`. */
  close(): void
}
