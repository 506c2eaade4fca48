import { request as httpRequest } from 'node:http'
import type { Agent, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { UpstreamTry } from '../../ground-truth.ts'
import type { Peer } from '../peer.ts'

/** ingress-nginx's proxy-connect-timeout and proxy-read-timeout. */
const CONNECT_MS = 5000
const READ_MS = 60_000

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
  | {
      readonly ok: false
      readonly how: Exclude<UpstreamTry['how'], 'cut-body'>
      readonly reused: boolean
      /** The pod may have seen the request. */
      readonly sent: boolean
    }

/** Sends a request to one pod, once. */
export function tryUpstream(
  agent: Agent,
  peer: Peer,
  incoming: BufferedRequest,
): Promise<TryResult> {
  const { method, url: path, headers, body, signal } = incoming
  return new Promise((resolve) => {
    let connected = false
    let timedOut = false
    const request = httpRequest({
      agent,
      host: peer.address,
      port: peer.port,
      method,
      path,
      headers,
      signal,
    })
    request.once('socket', (socket) => {
      const markConnected = () => {
        connected = true
        request.setTimeout(READ_MS)
      }
      request.setTimeout(CONNECT_MS)
      if (socket.connecting) socket.once('connect', markConnected)
      else markConnected()
    })
    request.once('timeout', () => {
      timedOut = true
      request.destroy()
    })
    request.once('response', (response) => {
      resolve({ ok: true, response, reused: request.reusedSocket })
    })
    request.on('error', (error) => {
      const how = timedOut ? 'timeout' : howOf(error)
      resolve({ ok: false, how, reused: request.reusedSocket, sent: connected })
    })
    request.end(body)
  })
}

/** An error of a system call is a reset; without one the pod ended the connection in order. */
function howOf(error: NodeJS.ErrnoException): 'refused' | 'reset' | 'closed' {
  if (error.code === 'ECONNREFUSED') return 'refused'
  return error.syscall === undefined ? 'closed' : 'reset'
}
