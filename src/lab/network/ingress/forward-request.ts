import type { Agent, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AnswerTruth } from '../../ground-truth.ts'
import type { Peer } from '../peer.ts'
import { nextUpstream } from './next-upstream.ts'
import { nginxPage } from './nginx-page.ts'
import type { BufferedRequest } from './try-upstream.ts'

/** client_max_body_size. */
const LARGEST_BODY_BYTES = 1024 * 1024

/** Headers of one connection, and those that nginx writes itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
const REPLACED = new Set([...HOP_BY_HOP, 'server', 'date'])

/** How one request of a client is to be answered. */
export interface Forwarding {
  readonly agent: Agent
  readonly nextPeer: () => Peer | undefined
  /** Told of answers that the proxy made itself, and of bodies that were cut. */
  readonly onAnswer: (answer: Pick<AnswerTruth, 'clientPort' | 'status' | 'tries'>) => void
}

/** Answers a client's request from a pod, or as nginx does when no pod could. */
export async function forwardRequest(
  client: IncomingMessage,
  response: ServerResponse,
  { agent, nextPeer, onAnswer }: Forwarding,
): Promise<void> {
  const clientPort = client.socket.remotePort ?? 0
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  const body = await readBody(client)
  if (!body) {
    answerItself(response, 413)
    return
  }
  const answer = await nextUpstream(agent, nextPeer, bufferedRequest(client, body, gone.signal))
  if (gone.signal.aborted) return
  if (!answer.ok) {
    onAnswer({ clientPort, status: answer.status, tries: answer.tries })
    answerItself(response, answer.status)
    return
  }
  const upstream = answer.response
  response.writeHead(upstream.statusCode ?? 502, clientHeaders(upstream, response))
  upstream.pipe(response)
  upstream.once('error', () => {
    if (gone.signal.aborted) return
    const cut = { pod: answer.peer.pod, how: 'cut-body', reused: answer.reused } as const
    onAnswer({ clientPort, status: 0, tries: [...answer.tries, cut] })
    response.destroy()
  })
}

/** Undefined when it is too large or the client went away. */
async function readBody(client: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of client as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > LARGEST_BODY_BYTES) return undefined
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

function clientHeaders(upstream: IncomingMessage, response: ServerResponse): OutgoingHttpHeaders {
  return { ...withoutHeaders(upstream, REPLACED), ...ownHeaders(response) }
}

/** Naming the connection keeps Node from adding a `Keep-Alive` hint, which nginx does not send. */
const ownHeaders = (response: ServerResponse): OutgoingHttpHeaders => ({
  server: 'nginx',
  connection: response.shouldKeepAlive ? 'keep-alive' : 'close',
})

function withoutHeaders(message: IncomingMessage, left: ReadonlySet<string>): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(message.headers).filter(([name]) => !left.has(name)))
}

function answerItself(response: ServerResponse, status: number): void {
  const page = nginxPage(status)
  response.writeHead(status, {
    'content-type': 'text/html',
    'content-length': page.length,
    ...ownHeaders(response),
  })
  response.end(page)
}

/** 404 as nginx answers it when no route matches. */
export function answerNotFound(response: ServerResponse): void {
  answerItself(response, 404)
}
