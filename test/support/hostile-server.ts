import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'

/** One request as it came over the wire. */
export interface SeenRequest {
  /** Its number on the server, from 0. */
  readonly nth: number
  /** Its number on its connection, from 0. */
  readonly nthOnConnection: number
  /** The connection's number on the server, from 0. */
  readonly connection: number
  readonly method: string
  readonly path: string
  /** The whole head. */
  readonly head: string
  readonly body: string
  readonly arrivedAtMs: number
}

/** What the test lets a connection do with a request: anything that can be done to a raw socket. */
export type Behaviour = (socket: Socket, request: SeenRequest) => void

export interface HostileServer extends AsyncDisposable {
  readonly port: number
  /** Whole requests, in order of arrival. */
  readonly requests: readonly SeenRequest[]
  /** Connections accepted so far. */
  readonly connectionCount: number
  /** Cuts all its connections and stops listening. */
  close(): Promise<void>
}

/** What the server shows for TLS, as PEM. */
export interface ServerCertificate {
  readonly key: string
  readonly cert: string
}

/**
 * A server on 127.0.0.1 that does to each request, or to each connection at once, what the test says. With a
 * certificate, requests come over TLS; what is done to a connection at once is still done below it.
 */
export async function startHostileServer(
  onRequest: Behaviour,
  onConnection?: (socket: Socket) => void,
  certificate?: ServerCertificate,
): Promise<HostileServer> {
  const secureContext = certificate && createSecureContext(certificate)
  const sockets = new Set<Socket>()
  const requests: SeenRequest[] = []
  let connectionCount = 0
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = connectionCount++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('end', () => socket.end())
    if (onConnection) onConnection(socket)
    else {
      const stream = secureContext ? secured(socket, secureContext) : socket
      readRequests(stream, requests, { connection, onRequest })
    }
  })
  server.listen(0, '127.0.0.1', 4_096)
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get connectionCount() {
      return connectionCount
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The server's side of TLS over a socket; a reset is one of the TCP connection. */
function secured(socket: Socket, secureContext: SecureContext): Socket {
  const stream = new TLSSocket(socket, { isServer: true, secureContext })
  stream.on('error', () => undefined)
  stream.on('end', () => stream.end())
  stream.resetAndDestroy = () => {
    socket.resetAndDestroy()
    return stream
  }
  return stream
}

function readRequests(
  socket: Socket,
  requests: SeenRequest[],
  by: { readonly connection: number; readonly onRequest: Behaviour },
): void {
  let pending = ''
  let nthOnConnection = 0
  socket.on('data', (bytes) => {
    pending += bytes.toString('latin1')
    for (;;) {
      const headEnd = pending.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const head = pending.slice(0, headEnd)
      const end = headEnd + 4 + Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
      if (pending.length < end) return
      const [method = '', path = ''] = head.split(' ', 2)
      const body = pending.slice(headEnd + 4, end)
      pending = pending.slice(end)
      const request: SeenRequest = {
        nth: requests.length,
        nthOnConnection: nthOnConnection++,
        connection: by.connection,
        method,
        path,
        head,
        body,
        arrivedAtMs: performance.now(),
      }
      requests.push(request)
      by.onRequest(socket, request)
    }
  })
}

/** A whole answer as text. */
export const answerText = (body = 'ok', status = 200, headers: readonly string[] = []): string =>
  [`HTTP/1.1 ${status} Status`, `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n')

/** Answers as a good server does. */
export const answerOk: Behaviour = (socket) => void socket.write(answerText())

/** Answers nothing, ever. */
export const blackHole: Behaviour = () => undefined

/** A port of 127.0.0.1 at which nobody listens. */
export async function refusingPort(): Promise<number> {
  const server = await startHostileServer(answerOk)
  await server.close()
  return server.port
}

/** Writes some bytes (one for each character); once the system has taken them, closes or resets when asked to. */
export const writeThen = (text: string, end?: 'fin' | 'rst'): Behaviour => {
  return (socket) => {
    if (end === 'fin') socket.end(text, 'latin1')
    else if (end === undefined) socket.write(text, 'latin1')
    else if (text === '') socket.resetAndDestroy()
    else socket.write(text, 'latin1', () => socket.resetAndDestroy())
  }
}
