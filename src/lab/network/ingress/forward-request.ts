import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AnswerTruth } from '../../ground-truth.ts'
import type { Peer } from '../peer.ts'
import { nextUpstream } from './next-upstream.ts'
import type { IngressProfile, ProxyFault } from './profile.ts'
import type { BufferedRequest, Upstream } from './try-upstream.ts'

/** Headers of one connection, and those that the proxy writes itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** nginx's word for a request whose client went away. */
const CLIENT_CLOSED = 499

/** How one request of a client is to be answered. */
export interface Forwarding {
  readonly profile: IngressProfile
  readonly agent: Upstream['agent']
  /** Undefined: no route matches. */
  readonly nextPeer: (() => Peer | undefined) | undefined
  /** Told of every answer that no pod made, of errors that a pod made, and of bodies that were cut. */
  readonly onAnswer: (answer: Omit<AnswerTruth, 'type' | 'where'>) => void
}

/** Answers a client's request from a pod, or as the profile's proxy does when no pod could. */
export async function forwardRequest(
  client: IncomingMessage,
  response: ServerResponse,
  { profile, agent, nextPeer, onAnswer }: Forwarding,
): Promise<void> {
  const clientPort = client.socket.remotePort ?? 0
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  const answerItself = (fault: ProxyFault, tries: AnswerTruth['tries']) => {
    const { status, headers, body } = profile.answers.to(fault)
    onAnswer({ clientPort, status, tries, fault })
    response.writeHead(status, {
      ...headers,
      'content-length': Buffer.byteLength(body),
      ...ownHeaders(profile, response),
    })
    response.end(body)
  }
  if (!nextPeer) {
    client.resume()
    answerItself('no-route', [])
    return
  }
  const body = await readBody(client, profile.upstream.largestBodyBytes)
  if (!body) {
    if (!gone.signal.aborted) answerItself('too-large', [])
    return
  }
  const upstream = { agent, limits: profile.upstream }
  const request = bufferedRequest(client, body, gone.signal)
  const answer = await nextUpstream(upstream, profile.retry, nextPeer, request)
  if (gone.signal.aborted) {
    if (answer.ok) answer.response.destroy()
    onAnswer({ clientPort, status: CLIENT_CLOSED, tries: answer.tries })
    return
  }
  if (!answer.ok) {
    answerItself(answer.fault, answer.tries)
    return
  }
  const { response: head, peer, tries, reused } = answer
  const status = head.statusCode ?? 502
  if (status >= 400) onAnswer({ clientPort, status, tries, answeredBy: peer.pod })
  response.writeHead(status, {
    ...withoutHeaders(head, HOP_BY_HOP),
    ...ownHeaders(profile, response),
  })
  head.pipe(response)
  head.once('error', () => {
    if (gone.signal.aborted) {
      onAnswer({ clientPort, status: CLIENT_CLOSED, tries, answeredBy: peer.pod })
      return
    }
    const cut = { pod: peer.pod, how: 'cut-body', reused } as const
    onAnswer({ clientPort, status: 0, tries: [...tries, cut] })
    response.destroy()
  })
}

/** Undefined when it is too large or the client went away. */
async function readBody(client: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of client as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > limitBytes) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

function bufferedRequest(
  client: IncomingMessage,
  body: Buffer,
  signal: AbortSignal,
): BufferedRequest {
  const address = client.socket.remoteAddress ?? ''
  const headers: OutgoingHttpHeaders = {
    ...withoutHeaders(client, HOP_BY_HOP),
    'x-real-ip': address,
    'x-forwarded-for': address,
    'x-forwarded-proto': 'http',
    ...(body.length > 0 ? { 'content-length': body.length } : {}),
  }
  return { method: client.method ?? 'GET', url: client.url ?? '/', headers, body, signal }
}

/** Naming the connection keeps Node from adding a `Keep-Alive` hint, which these proxies do not send. */
const ownHeaders = (
  { answers }: IngressProfile,
  response: ServerResponse,
): OutgoingHttpHeaders => ({
  ...(answers.server === undefined ? {} : { server: answers.server }),
  connection: response.shouldKeepAlive ? 'keep-alive' : 'close',
})

function withoutHeaders(message: IncomingMessage, left: ReadonlySet<string>): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(message.headers).filter(([name]) => !left.has(name)))
}
