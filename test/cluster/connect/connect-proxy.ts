import { createServer, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'

export interface ConnectProxy {
  readonly port: number
  /** What it was asked for: `CONNECT host:port`, `GET http://…`. */
  readonly asked: { readonly what: string; readonly headers: IncomingHttpHeaders }[]
  close(): Promise<void>
}

/** An HTTP proxy that leads every request to the same port of this machine; `refusal` answers CONNECT instead. */
export async function connectProxy(toPort: number, refusal?: number): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'] = []
  const sockets = new Set<Duplex>()
  const server = createServer((request, response) => {
    asked.push({ what: `${request.method} ${request.url}`, headers: request.headers })
    const path = new URL(request.url ?? '').pathname
    const onward = httpRequest({ host: '127.0.0.1', port: toPort, path }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    })
    onward.end()
  })
  server.on('connect', (request, socket: Duplex) => {
    sockets.add(socket)
    asked.push({ what: `CONNECT ${request.url}`, headers: request.headers })
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`)
      return
    }
    const onward = connect(toPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
