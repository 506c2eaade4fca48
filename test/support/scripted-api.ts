import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that the code under test made, in the order of arrival. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void

export interface ScriptedApi {
  readonly url: string
  readonly seen: readonly SeenRequest[]
  /** Resolves when so many requests have arrived. */
  reached(count: number): Promise<void>
  close(): Promise<void>
}

/** An HTTP server whose n-th request gets the n-th answer; further ones get the last. */
export async function scriptedApi(answers: readonly Answer[]): Promise<ScriptedApi> {
  const seen: SeenRequest[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://api')
    seen.push({ method: request.method ?? '', path: url.pathname, query: url.searchParams })
    const answer = answers[Math.min(seen.length, answers.length) - 1]
    answer?.(response, request)
    for (const one of waiting) if (seen.length >= one.count) one.resolve()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    reached: (count) =>
      new Promise((resolve) => {
        if (seen.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A JSON object. */
export const json =
  (object: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(object))
  }

/** A watch that sends lines and then ends, stays open, or breaks. */
export const stream =
  (lines: readonly unknown[], then: 'end' | 'stay' | 'break'): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    for (const line of lines)
      response.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
    if (then === 'end') response.end()
    else if (then === 'break') setImmediate(() => response.destroy())
  }
