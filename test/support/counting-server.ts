import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A server that knows what it was asked. */
export interface CountingServer {
  readonly port: number
  readonly url: string
  /** Whole requests by their path. */
  readonly seen: Map<string, number>
  /** The most requests that were being worked on at a time. */
  readonly mostAtOnce: () => number
  readonly last: () => { method: string; headers: IncomingHttpHeaders; body: string } | undefined
  close(): void
}

/**
 * Answers 200 to everything; `/503` with 503, `/slow` after 50 ms, and resets the connection of every tenth request
 * to `/tenth` instead of answering.
 */
export async function countingServer(tls?: { key: string; cert: string }): Promise<CountingServer> {
  const seen = new Map<string, number>()
  let now = 0
  let most = 0
  let last: ReturnType<CountingServer['last']>
  const answer: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      const count = (seen.get(path) ?? 0) + 1
      seen.set(path, count)
      const body = Buffer.concat(chunks).toString()
      last = { method: request.method ?? '', headers: request.headers, body }
      most = Math.max(most, ++now)
      response.on('close', () => now--)
      if (path === '/tenth' && count % 10 === 0) request.socket.resetAndDestroy()
      else if (path === '/slow') setTimeout(() => response.end('slow'), 50)
      else response.writeHead(path === '/503' ? 503 : 200).end('hello')
    })
  }
  const server = tls ? createTlsServer(tls, answer) : createServer(answer)
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    seen,
    mostAtOnce: () => most,
    last: () => last,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
