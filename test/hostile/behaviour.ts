import type { Socket } from 'node:net'
import type { Outcome } from '../../src/load/request-failure.ts'
import type { Behaviour } from '../support/hostile-server.ts'

/** What a server does to a request on a raw socket, and what the load engine must make of it. */
export interface HostileBehaviour {
  /** Its own; read after "meets". */
  readonly name: string
  readonly act: Behaviour
  /**
   * `new`: only on connections for one request. What comes after the answer could otherwise meet a request that was
   * sent on, and would rightly be counted as that one's.
   */
  readonly on: 'any' | 'new'
  readonly expected: Expected
  /** Where undici cannot tell what raw tells. */
  readonly undici?: Expected
}

export interface Expected {
  readonly outcome: Outcome
  /** What the record of the failure must say too. */
  readonly facts?: {
    readonly status?: number
    readonly bytesReceived?: number
    readonly detail?: string
  }
  /** The reason, where the outcome does not speak for itself. */
  readonly why?: string
}

/** A behaviour towards any request on any connection. */
export const hostile = (
  name: string,
  act: Behaviour,
  expected: Expected,
  more: Partial<Pick<HostileBehaviour, 'on' | 'undici'>> = {},
): HostileBehaviour => ({ name, act, expected, on: 'any', ...more })

/** A head with these header lines; what follows it is the caller's. */
export const head = (...lines: readonly string[]): string =>
  ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n')

/** The head of a chunked body, and what comes of the body. */
export const chunked = (body: string): string => head('Transfer-Encoding: chunked') + body

/** Writes again and again, as fast as the other side reads, until the connection is gone. */
export const flood =
  (first: string, again: string): Behaviour =>
  (socket) => {
    socket.write(first, 'latin1')
    const more = (error?: Error | null) => {
      if (!error && socket.writable) socket.write(again, 'latin1', more)
    }
    more()
  }

/** Writes again every so many ms until the connection is gone. */
export const drip =
  (first: string, again: string, everyMs: number): Behaviour =>
  (socket) => {
    socket.write(first)
    const timer = setInterval(() => socket.writable && socket.write(again), everyMs)
    socket.on('close', () => clearInterval(timer))
  }

/** Writes each piece on its own once the system has taken the one before, then does what comes last. */
export function inPieces(pieces: readonly string[], last?: (socket: Socket) => void): Behaviour {
  return (socket) => {
    const writeFrom = (at: number): void => {
      const piece = pieces[at]
      if (piece === undefined) last?.(socket)
      else socket.write(piece, 'latin1', () => setImmediate(() => writeFrom(at + 1)))
    }
    writeFrom(0)
  }
}
