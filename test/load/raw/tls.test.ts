import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls'
import { describe, expect, it } from 'vitest'
import type { TlsMaterial } from '../../../src/load/load-plan.ts'
import { answerText } from '../../support/hostile-server.ts'
import { runLoad } from '../run-load.ts'

const pem = (name: string) =>
  readFileSync(join(import.meta.dirname, '..', '..', 'support', 'tls', name), 'utf8')

/** A server that answers well over TLS; what it saw of each connection is told. */
async function startTls(
  options: TlsOptions,
  onSecure: (socket: TLSSocket) => void = () => undefined,
) {
  const server = createServer({ ALPNProtocols: ['h2', 'http/1.1'], ...options }, (socket) => {
    onSecure(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => socket.write(answerText()))
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await Promise.resolve()
    },
  }
}

const good = { cert: pem('server.pem'), key: pem('server.key') }
const verified: TlsMaterial = { serverName: 'shop.test', insecure: false, ca: pem('ca.pem') }

describe('HTTPS', () => {
  it('is verified, names its server, and asks for HTTP/1.1', async () => {
    const seen: unknown[] = []
    await using server = await startTls(good, (socket) =>
      seen.push([(socket as { servername?: string }).servername, socket.alpnProtocol]),
    )
    const run = await runLoad({ port: server.port, connections: 'both', tlsMaterial: verified })
    expect(run.outcomes).toEqual({ ok: 100 })
    expect(seen.length).toBeGreaterThan(50)
    expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(
      new Set(['["shop.test","http/1.1"]']),
    )
  })

  it.each([
    ['an authority that is not known', good, { serverName: 'shop.test', insecure: false }],
    ['another name', { cert: pem('wrong-host.pem'), key: pem('wrong-host.key') }, verified],
    ['an end in the past', { cert: pem('expired.pem'), key: pem('expired.key') }, verified],
  ])('with a certificate of %s is a failure of class tls', async (_, certificate, tlsMaterial) => {
    await using server = await startTls(certificate)
    const run = await runLoad({ port: server.port, tlsMaterial })
    expect(run.outcomes).toEqual({ tls: 100 })
    expect(run.failures[0]).toMatchObject({ connection: 'new', bytesReceived: 0 })
    const lax = await runLoad({
      port: server.port,
      tlsMaterial: { ...tlsMaterial, insecure: true },
    })
    expect(lax.outcomes).toEqual({ ok: 100 })
  })

  it('shows its own certificate when the server wants one', async () => {
    const wanting = { ...good, requestCert: true, rejectUnauthorized: true, ca: pem('ca.pem') }
    await using server = await startTls(wanting)
    const without = await runLoad({ port: server.port, tlsMaterial: verified })
    expect(without.outcomes).toEqual({ tls: 100 })
    const own = { ...verified, cert: pem('client.pem'), key: pem('client.key') }
    const withOwn = await runLoad({ port: server.port, tlsMaterial: own })
    expect(withOwn.outcomes).toEqual({ ok: 100 })
  })
})
