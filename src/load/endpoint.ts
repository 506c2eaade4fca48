import { isIP } from 'node:net'
import {
  checkServerIdentity,
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
} from 'node:tls'
import type { LoadAddress, TlsMaterial } from './load-plan.ts'

/** What may be spoken over TLS (ALPN). */
export type ApplicationProtocol = 'http/1.1' | 'h2'

/** Where connections go, with what is made once for all of them. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly tls: EndpointTls | undefined
}

export interface EndpointTls {
  readonly material: TlsMaterial
  readonly context: SecureContext
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

/** How TLS is spoken with an endpoint, the same for every engine and for the probe before the start. */
export function tlsOptions(
  { host, port }: Endpoint,
  { material, context }: EndpointTls,
  protocol: ApplicationProtocol,
): ConnectionOptions {
  const { serverName, insecure } = material
  return {
    host,
    port,
    secureContext: context,
    // An IP address is never sent as SNI (RFC 6066, 3); the certificate must name it all the same.
    servername: isIP(serverName) > 0 ? '' : serverName,
    checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
    rejectUnauthorized: !insecure,
    ALPNProtocols: [protocol],
  }
}
