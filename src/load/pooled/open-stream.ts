import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls'
import type { Endpoint } from '../raw/open-socket.ts'

/** What may be spoken over TLS (ALPN). */
export type ApplicationProtocol = 'http/1.1' | 'h2'

/** Opens a socket that a library will read as a stream. */
export function openStream(
  { host, port, tls }: Endpoint,
  protocol: ApplicationProtocol,
): Socket | TLSSocket {
  if (!tls) return connectTcp({ host, port, noDelay: true })
  const { serverName, insecure } = tls.material
  const socket = connectTls({
    host,
    port,
    secureContext: tls.context,
    // An IP address is never sent as SNI (RFC 6066, 3); the certificate must name it all the same.
    servername: isIP(serverName) > 0 ? '' : serverName,
    checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
    rejectUnauthorized: !insecure,
    ALPNProtocols: [protocol],
  })
  socket.setNoDelay(true)
  return socket
}
