import { Socket, type SocketConstructorOpts } from 'node:net'
import { connect, type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls'
import type { LoadAddress, TlsMaterial } from '../load-plan.ts'

/** Where connections go, with what is made once for all of them. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly tls: { readonly material: TlsMaterial; readonly context: SecureContext } | undefined
}

/** Reads the TLS material once: making a context for each connection would cost more than the handshake. */
export function endpointOf({ host, port, tls }: LoadAddress): Endpoint {
  if (!tls) return { host, port, tls: undefined }
  const { ca, cert, key } = tls
  const context = createSecureContext({
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  })
  return { host, port, tls: { material: tls, context } }
}

// One buffer serves all sockets of a thread: libuv fills it and calls back before it reads the next socket.
const readBuffer = Buffer.allocUnsafeSlow(65_536)

/** Opens a socket that gives its bytes to a callback, in a buffer that is only good within the call. */
export function openSocket(
  { host, port, tls }: Endpoint,
  onBytes: (bytes: Uint8Array, length: number) => void,
): Socket {
  const onread = {
    buffer: readBuffer,
    callback: (length: number, bytes: Uint8Array) => {
      onBytes(bytes, length)
      return true
    },
  }
  if (tls) {
    const options: ConnectionOptions & Pick<SocketConstructorOpts, 'onread'> = {
      host,
      port,
      secureContext: tls.context,
      // An IP address is never sent as SNI (RFC 6066, 3); Node would warn.
      servername: /^[\d.]+$|:/.test(tls.material.serverName) ? '' : tls.material.serverName,
      rejectUnauthorized: !tls.material.insecure,
      ALPNProtocols: ['http/1.1'],
      onread,
    }
    return connect(options)
  }
  const socket = new Socket({ onread })
  socket.connect({ host, port })
  return socket
}
