import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { certificate, testTls } from '../../support/tls/certificate.ts'

/** A request as the API server saw it. */
export interface SeenCall {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  /** Of the client's certificate. */
  readonly commonName?: string
}

export interface FakeApi {
  readonly port: number
  readonly seen: readonly SeenCall[]
  /** Answers from now on. */
  answer: (call: SeenCall, response: ServerResponse) => void
  close(): Promise<void>
}

/** An API server that knows only what the test tells it; with TLS it asks for a client certificate. */
export async function fakeApi({ isTls = true } = {}): Promise<FakeApi> {
  const seen: SeenCall[] = []
  const api: FakeApi = {
    port: 0,
    seen,
    answer: (_call, response) => send(response, 200, { gitVersion: 'v1.34.0' }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  const take = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const subject = socket instanceof TLSSocket ? socket.getPeerCertificate().subject : undefined
    const call: SeenCall = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      ...(typeof subject?.CN === 'string' && { commonName: subject.CN }),
    }
    seen.push(call)
    request.resume()
    api.answer(call, response)
  }
  const { cert, key } = certificate('server')
  const server = isTls
    ? createHttps({ cert, key, ca: testTls.ca, requestCert: true, rejectUnauthorized: false }, take)
    : createHttp(take)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(api, { port: (server.address() as AddressInfo).port })
}

/** Answers with a JSON object. */
export function send(
  response: ServerResponse,
  status: number,
  object: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(object))
}
