import { Socket, type SocketConstructorOpts } from 'node:net'
import { connect, type ConnectionOptions } from 'node:tls'
import { type Endpoint, tlsOptions } from '../endpoint.ts'

// One buffer serves all sockets of a thread: libuv fills it and calls back before it reads the next socket.
const readBuffer = Buffer.allocUnsafeSlow(65_536)

/**
 * Opens a socket that gives its bytes to a callback, in a buffer that is only good within the call. After the other
 * side's end it stays as it is until it is destroyed.
 */
export function openSocket(
  endpoint: Endpoint,
  onBytes: (bytes: Uint8Array, length: number) => void,
): Socket {
  const { host, port, tls } = endpoint
  const onread = {
    buffer: readBuffer,
    callback: (length: number, bytes: Uint8Array) => {
      onBytes(bytes, length)
      return true
    },
  }
  if (tls) {
    const options: ConnectionOptions & Pick<SocketConstructorOpts, 'onread' | 'allowHalfOpen'> = {
      ...tlsOptions(endpoint, tls, 'http/1.1'),
      onread,
      allowHalfOpen: true,
    }
    return connect(options)
  }
  const socket = new Socket({ onread, allowHalfOpen: true })
  socket.connect({ host, port })
  return socket
}
