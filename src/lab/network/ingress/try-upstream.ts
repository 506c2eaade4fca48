import { request as httpRequest } from 'node:http'
import type { Agent, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Peer } from '../peer.ts'
import type { FailedTry, UpstreamLimits } from './profile.ts'

/** A client's request, read whole before any pod sees it, as nginx buffers it. */
export interface BufferedRequest {
  readonly method: string
  readonly url: string
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

export type TryResult =
  | { readonly ok: true; readonly response: IncomingMessage; readonly reused: boolean }
  | ({ readonly ok: false } & Omit<FailedTry, 'pod'>)

/** Where tries go, and how long they may take. */
export interface Upstream {
  readonly agent: Agent
  readonly limits: Pick<UpstreamLimits, 'connectMs' | 'readMs'>
}

/** Sends a request to one pod, once. */
export function tryUpstream(
  { agent, limits }: Upstream,
  peer: Peer,
  incoming: BufferedRequest,
): Promise<TryResult> {
  const { method, url: path, headers, body, signal } = incoming
  const { address: host, port } = peer
  return new Promise((resolve) => {
    let connected = false
    let timedOut = false
    const request = httpRequest({ agent, host, port, method, path, headers, signal })
    const giveUp = () => {
      timedOut = true
      request.destroy()
    }
    // Node's own time-out of a request begins when it is connected.
    const connecting = setTimeout(giveUp, limits.connectMs)
    const markConnected = () => {
      clearTimeout(connecting)
      connected = true
      // 0 means no limit to Node.
      request.setTimeout(Number.isFinite(limits.readMs) ? limits.readMs : 0)
    }
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', markConnected)
      else markConnected()
    })
    request.once('timeout', giveUp)
    request.once('response', (response) => {
      resolve({ ok: true, response, reused: request.reusedSocket })
    })
    request.on('error', (error) => {
      clearTimeout(connecting)
      const how = timedOut ? (connected ? 'timeout' : 'connect-timeout') : howOf(error)
      resolve({ ok: false, how, reused: request.reusedSocket, sent: connected })
    })
    request.end(body)
  })
}

/** An error of a system call is a reset; without one the pod ended the connection in order. */
function howOf(error: NodeJS.ErrnoException): Exclude<FailedTry['how'], 'cut-body'> {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'refused'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'unreachable'
    case 'ETIMEDOUT':
      return 'connect-timeout'
    default:
      return error.syscall === undefined ? 'closed' : 'reset'
  }
}
