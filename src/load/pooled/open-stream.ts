import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type ApplicationProtocol, type Endpoint, tlsOptions } from '../endpoint.ts'

/** Opens a socket that a library will read as a stream. */
export function openStream(endpoint: Endpoint, protocol: ApplicationProtocol): Socket | TLSSocket {
  const { host, port, tls } = endpoint
  if (!tls) return connectTcp({ host, port, noDelay: true })
  const socket = connectTls(tlsOptions(endpoint, tls, protocol))
  socket.setNoDelay(true)
  return socket
}
