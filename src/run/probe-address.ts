import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { type ApplicationProtocol, endpointOf, tlsOptions } from '../load/endpoint.ts'
import type { LoadAddress } from '../load/load-plan.ts'

const WITHIN_MS = 5_000

/**
 * Connects once, handshake included, and hangs up: no request is sent, so the server's count of requests stays
 * the run's own. A wrong address or certificate should be told before the start.
 */
export function probeAddress(
  address: LoadAddress,
  protocol: ApplicationProtocol,
  signal: AbortSignal,
): Promise<Result<void, Problem>> {
  return new Promise((resolve) => {
    const socket = open(address, protocol)
    const end = (why?: string) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      socket.destroy()
      resolve(why === undefined ? succeed(undefined) : fail(notReachable(address, why)))
    }
    const timer = setTimeout(() => end(`no connection within ${WITHIN_MS / 1_000} s`), WITHIN_MS)
    const stop = () => end('interrupted')
    signal.addEventListener('abort', stop, { once: true })
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
    socket.on('close', () => end('closed in the handshake'))
    socket.once(address.tls ? 'secureConnect' : 'connect', () => end())
  })
}

function open(address: LoadAddress, protocol: ApplicationProtocol): Socket {
  const endpoint = endpointOf(address)
  return endpoint.tls
    ? connectTls(tlsOptions(endpoint, endpoint.tls, protocol))
    : connectTcp({ host: address.host, port: address.port })
}

const notReachable = ({ host, port, tls }: LoadAddress, why: string): Problem => ({
  code: 'target-not-reachable',
  message: `${host}:${port} cannot be reached${tls ? ' over TLS' : ''}: ${why}`,
  hint: /CERT|SELF_SIGNED|ALTNAME|VERIFY|ISSUER/.test(why)
    ? 'name its authority with --cacert, or accept any certificate with --insecure'
    : 'start it first; --no-probe sends the load all the same and counts what fails',
})
