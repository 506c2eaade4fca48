import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A call that passes the proxy, whole. */
export interface PassingCall {
  /** From 1, among all calls of this proxy. */
  readonly number: number
  readonly method: string
  readonly url: string
  readonly body: Buffer
  /** Sends it on; resolves when the API server has answered. May be called later than the caller lives. */
  forward(): Promise<{ readonly status: number; readonly body: Buffer }>
}

/** What becomes of a call: it is answered, or its connection is cut. */
export type Passing = 'answer' | 'cut'

export interface ApiProxy {
  readonly url: string
  /** `METHOD /path?query` of every call. */
  readonly calls: string[]
  /** Decides of each call; the default passes all. */
  decide: (call: PassingCall) => Promise<Passing>
  close(): Promise<void>
}

/** Where the API server is, and what its TLS needs. */
export interface Upstream {
  readonly url: string
  readonly options?: RequestOptions
}

/** Stands before an API server and sees every call of one process, one port for each process. Watches are not needed. */
export async function startApiProxy({ url, options = {} }: Upstream): Promise<ApiProxy> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  const forward = (message: IncomingMessage, body: Buffer) =>
    new Promise<{ status: number; body: Buffer }>((resolve) => {
      const passed = Object.fromEntries(
        Object.entries(message.headers).filter(
          ([name]) => name !== 'host' && name !== 'connection',
        ),
      )
      const sent = { ...options, method: message.method ?? 'GET', headers: passed }
      const request = send(new URL(message.url ?? '/', url), sent, (answer) => {
        void readAll(answer).then((text) => {
          resolve({ status: answer.statusCode ?? 0, body: text })
        })
      })
      request.on('error', () => {
        resolve({ status: 0, body: Buffer.alloc(0) })
      })
      request.end(body)
    })
  const proxy = { calls: [] as string[], decide: (): Promise<Passing> => Promise.resolve('answer') }
  const server = createServer((message, response) => {
    void readAll(message).then(async (body) => {
      const { method = '', url: path = '' } = message
      proxy.calls.push(`${method} ${path}`)
      let answer: Promise<{ status: number; body: Buffer }> | undefined
      const call: PassingCall = {
        number: proxy.calls.length,
        method,
        url: path,
        body,
        forward: () => (answer ??= forward(message, body)),
      }
      if ((await (proxy as unknown as ApiProxy).decide(call)) === 'cut') {
        message.socket.destroy()
        return
      }
      const { status, body: text } = await call.forward()
      if (status === 0) message.socket.destroy()
      else response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  })
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = []
  try {
    for await (const piece of stream) pieces.push(piece)
  } catch {
    // A caller that was killed; what came counts.
  }
  return Buffer.concat(pieces)
}
