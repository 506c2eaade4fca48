import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createUndiciEngine } from '../../../src/load/undici/undici-engine.ts'
import {
  answerOk,
  answerText,
  blackHole,
  refusingPort,
  startHostileServer,
  writeThen,
} from '../../support/hostile-server.ts'
import { certificate, testTls as tls } from '../../support/tls/certificate.ts'
import { driveEngine, get, post, prepared } from '../pooled/drive-engine.ts'

describe('a request through undici', () => {
  it('is on the wire as it was prepared, its connection kept or closed as asked', async () => {
    await using server = await startHostileServer(answerOk)
    using drive = driveEngine(createUndiciEngine, { port: server.port })
    const headers = { 'X-Trace': 'a', 'content-length': '999', Connection: 'upgrade' }
    const request = prepared({ method: 'POST', path: '/pay?sum=1', headers, body: 'sum=1 €' })
    await drive.ask(request)
    await drive.ask(request, true)
    const lines = (nth: number) => server.requests[nth]?.head.toLowerCase().split('\r\n').sort()
    const common = [
      'post /pay?sum=1 http/1.1',
      'host: shop.test',
      'user-agent: podtank',
      'accept: */*',
      'x-trace: a',
      'content-length: 9',
    ]
    expect(lines(0)).toEqual([...common, 'connection: keep-alive'].sort())
    expect(lines(1)).toEqual([...common, 'connection: close'].sort())
    expect(server.requests.map(({ body }) => Buffer.from(body, 'latin1').toString())).toEqual([
      'sum=1 €',
      'sum=1 €',
    ])
  })

  it('that undici will not send is the generator’s fault', async () => {
    await using server = await startHostileServer(answerOk)
    using drive = driveEngine(createUndiciEngine, { port: server.port })
    const outcome = { outcome: 'generator', bytesReceived: 0 }
    expect(await drive.ask(prepared({ path: 'no-slash' }))).toMatchObject(outcome)
    expect(await drive.ask(prepared({ headers: { Upgrade: 'x' } }))).toMatchObject(outcome)
    expect(server.requests).toHaveLength(0)
    expect(await drive.ask()).toMatchObject({ outcome: 'ok' })
  })

  it('gets its headers and body checked', async () => {
    await using server = await startHostileServer(writeThen(answerText('sum', 200, ['X-A: 1'])))
    using drive = driveEngine(createUndiciEngine, { port: server.port })
    const seen: string[] = []
    const check = {
      needsHeaders: true,
      needsBody: true,
      judge: (lines: string, body: Buffer) => {
        seen.push(lines, body.toString())
        return 'bad-header' as const
      },
    }
    expect(await drive.ask(prepared({}, check))).toMatchObject({ outcome: 'bad-header' })
    expect(seen).toEqual(['Content-Length: 3\r\nX-A: 1\r\n', 'sum'])
  })

  it('with HEAD ends at the head', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: keep-alive\r\n\r\n'
    await using server = await startHostileServer(writeThen(head))
    using drive = driveEngine(createUndiciEngine, { port: server.port })
    const request = prepared({ method: 'HEAD' })
    expect(await drive.ask(request)).toMatchObject({ outcome: 'ok', use: 'new' })
    expect(await drive.ask(request)).toMatchObject({ outcome: 'ok', use: 'reused' })
    expect(server.connectionCount).toBe(1)
  })

  it('has a deadline from its sending, of which not more than a few ticks are lost', async () => {
    await using server = await startHostileServer(blackHole)
    using drive = driveEngine(createUndiciEngine, { port: server.port, timeoutUs: 150_000 })
    for (let nth = 0; nth < 100; nth++) drive.send()
    const overruns = (await drive.untilEnded(100)).map(
      (one) => one.endedAtUs - one.sentAtUs - 150_000,
    )
    expect(Math.min(...overruns)).toBeGreaterThanOrEqual(0)
    expect(drive.ended.every(({ outcome }) => outcome === 'response-timeout')).toBe(true)
    expect(drive.engine.connections).toBe(0)
  })
})

describe('a connection through undici', () => {
  it('is opened only when none is free, and used last in, first out', async () => {
    await using server = await startHostileServer(answerOk)
    using drive = driveEngine(createUndiciEngine, { port: server.port })
    for (let nth = 0; nth < 5; nth++) drive.send()
    await drive.untilEnded(5)
    for (let nth = 0; nth < 20; nth++) await drive.ask()
    expect([server.connectionCount, drive.engine.connections]).toEqual([5, 5])
    const [last] = drive.ended.slice(-1)
    expect(last).toMatchObject({ use: 'reused', servedBefore: 20, connectUs: 0 })
    expect(last?.localPort).toBeGreaterThan(0)
  })

  it.each(['fin', 'rst'] as const)(
    'that ends by %s while idle is never used, and nothing is sent again',
    async (end) => {
      await using server = await startHostileServer(writeThen(answerText(), end))
      using drive = driveEngine(createUndiciEngine, { port: server.port })
      for (let nth = 0; nth < 20; nth++) {
        expect(await drive.ask()).toMatchObject({ outcome: 'ok', use: 'new' })
        await vi.waitFor(() => expect(drive.engine.connections).toBe(0))
      }
      expect([server.requests.length, server.connectionCount]).toEqual([20, 20])
    },
  )

  it('is not used again after so many answers, when it is too old, or when the server hints so', async () => {
    await using server = await startHostileServer(answerOk)
    using drive = driveEngine(createUndiciEngine, {
      port: server.port,
      maxRequestsPerConnection: 3,
    })
    const uses: string[] = []
    for (let nth = 0; nth < 6; nth++) uses.push((await drive.ask()).use)
    expect(uses).toEqual(['new', 'reused', 'reused', 'new', 'reused', 'reused'])
    using aging = driveEngine(createUndiciEngine, { port: server.port, maxConnectionAgeUs: 1 })
    await aging.ask()
    expect((await aging.ask()).use).toBe('new')
    for (const hint of ['timeout=1', 'timeout=0', 'max=0']) {
      const text = answerText('ok', 200, [`Keep-Alive: ${hint}`])
      await using hinting = await startHostileServer(writeThen(text))
      using hinted = driveEngine(createUndiciEngine, { port: hinting.port })
      await hinted.ask()
      expect((await hinted.ask()).use).toBe('new')
      expect(hinting.connectionCount).toBe(2)
    }
  })

  it('stays idle for longer than undici would keep it', async () => {
    const text = answerText('ok', 200, ['Keep-Alive: timeout=2'])
    await using server = await startHostileServer(writeThen(text))
    using drive = driveEngine(createUndiciEngine, { port: server.port })
    await drive.ask()
    expect((await drive.ask()).use).toBe('reused')
  })

  it('makes room for one that is to be new', async () => {
    await using server = await startHostileServer((socket, { path }) => {
      if (path !== '/hole') socket.write(answerText())
    })
    using drive = driveEngine(createUndiciEngine, { port: server.port, maxConnections: 1 })
    await drive.ask()
    expect(drive.engine.hasRoom(true)).toBe(true)
    expect(await drive.ask(get(), true)).toMatchObject({ use: 'new', isSingleUse: true })
    drive.send(prepared({ path: '/hole' }))
    expect([drive.engine.hasRoom(true), drive.engine.hasRoom(false)]).toEqual([false, false])
    drive.engine.close()
    expect(drive.ended.at(-1)).toMatchObject({ outcome: 'cut-off' })
    expect([drive.engine.inFlight, drive.engine.connections]).toEqual([0, 0])
  })

  it('that is refused, has no route, or is reset at once is told as it is', async () => {
    using refused = driveEngine(createUndiciEngine, { port: await refusingPort() })
    expect(await refused.ask()).toMatchObject({ outcome: 'refused', detail: 'ECONNREFUSED' })
    using unreachable = driveEngine(createUndiciEngine, { host: '127.255.255.255', port: 80 })
    expect(await unreachable.ask()).toMatchObject({ outcome: 'unreachable' })
    await using server = await startHostileServer(answerOk, (socket) => socket.resetAndDestroy())
    using reset = driveEngine(createUndiciEngine, { port: server.port })
    expect(await reset.ask(post())).toMatchObject({ outcome: 'reset-before-response' })
    expect(server.connectionCount).toBe(1)
  })
})

describe('TLS under undici', () => {
  const servers = new Map<string, ReturnType<typeof createTlsServer>>()
  const portOf = (name: string) => (servers.get(name)?.address() as AddressInfo).port
  const options: Readonly<Record<string, TlsOptions>> = {
    server: certificate('server'),
    expired: certificate('expired'),
    'wrong-host': certificate('wrong-host'),
    mutual: { ...certificate('server'), requestCert: true, ca: tls.ca },
  }

  beforeAll(async () => {
    for (const [name, one] of Object.entries(options)) {
      const server = createTlsServer({ ...one, ALPNProtocols: ['http/1.1'] }, (socket) => {
        socket.on('error', () => undefined)
        socket.on('data', () => socket.write(answerText(String(socket.alpnProtocol))))
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      servers.set(name, server)
    }
  })
  afterAll(() => {
    for (const server of servers.values()) server.close()
  })

  it('is verified, reused, and counts the bytes of the answer', async () => {
    using drive = driveEngine(createUndiciEngine, { port: portOf('server'), tls })
    const bytesReceived = answerText('http/1.1').length
    const first = await drive.ask()
    expect(first).toMatchObject({ outcome: 'ok', use: 'new', bytesReceived })
    expect(first.connectUs).toBeGreaterThan(0)
    expect(await drive.ask()).toMatchObject({ outcome: 'ok', use: 'reused', bytesReceived })
  })

  it.each([
    ['expired', 'CERT_HAS_EXPIRED in the TLS handshake'],
    ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID in the TLS handshake'],
    ['mutual', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
  ])('with a server that is %s is of class tls', async (name, detail) => {
    using drive = driveEngine(createUndiciEngine, { port: portOf(name), tls })
    expect(await drive.ask()).toMatchObject({ outcome: 'tls', detail })
  })

  it('shows a client certificate, and does not verify when told so', async () => {
    const client = { ...tls, ...certificate('client') }
    using mutual = driveEngine(createUndiciEngine, { port: portOf('mutual'), tls: client })
    expect(await mutual.ask()).toMatchObject({ outcome: 'ok' })
    const insecure = { ...tls, insecure: true }
    using expired = driveEngine(createUndiciEngine, { port: portOf('expired'), tls: insecure })
    expect(await expired.ask()).toMatchObject({ outcome: 'ok' })
  })

  it('that ends in the handshake is told by how it ended', async () => {
    await using closing = await startHostileServer(blackHole, (socket) => {
      socket.once('data', () => socket.end())
    })
    using closed = driveEngine(createUndiciEngine, { port: closing.port, tls })
    expect(await closed.ask()).toMatchObject({
      outcome: 'closed-before-response',
      detail: 'FIN in the TLS handshake',
    })
    await using resetting = await startHostileServer(blackHole, (socket) => {
      socket.once('data', () => socket.resetAndDestroy())
    })
    using reset = driveEngine(createUndiciEngine, { port: resetting.port, tls })
    expect(await reset.ask()).toMatchObject({
      outcome: 'reset-before-response',
      detail: 'ECONNRESET in the TLS handshake',
    })
    await using plain = await startHostileServer(
      writeThen('HTTP/1.1 400 Bad\r\n\r\n'),
      (socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
      },
    )
    using wrong = driveEngine(createUndiciEngine, { port: plain.port, tls })
    expect(await wrong.ask()).toMatchObject({ outcome: 'tls' })
  })
})
