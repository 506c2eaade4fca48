import { once } from 'node:events'
import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, it, vi } from 'vitest'
import { createHttp2Engine } from '../../../src/load/http2/http2-engine.ts'
import type { Outcome } from '../../../src/load/request-failure.ts'
import { blackHole, refusingPort, startHostileServer } from '../../support/hostile-server.ts'
import { certificate, type TestCertificate, testTls as tls } from '../../support/tls/certificate.ts'
import { driveEngine, type Ended, get, post, prepared } from '../pooled/drive-engine.ts'
import { type FrameServer, type SeenStream, startFrameServer } from './frame-server.ts'
import {
  data,
  END_STREAM,
  frame,
  goaway,
  headers,
  ping,
  rstStream,
  settings,
} from './http2-frames.ts'

const TIMES = 10

type Act = (socket: Socket, stream: SeenStream) => void
const write =
  (...frames: ((id: number) => Buffer)[]): Act =>
  (socket, { id }) =>
    void socket.write(Buffer.concat(frames.map((one) => one(id))))
const writeThenEnd =
  (...frames: ((id: number) => Buffer)[]): Act =>
  (socket, { id }) =>
    void socket.end(Buffer.concat(frames.map((one) => one(id))))
const writeThenReset =
  (...frames: ((id: number) => Buffer)[]): Act =>
  (socket, { id }) =>
    void socket.write(Buffer.concat(frames.map((one) => one(id))), () => socket.resetAndDestroy())

const head = (id: number) => headers(id, 200, { 'x-pod-name': 'web-1' })
const half = (id: number) => data(id, 'half')
const rest = (id: number) => data(id, 'rest', END_STREAM)
const answer: Act = write(head, half, rest)

/** What a server does to a request, what it is, and what the record says besides. */
const HOSTILE: readonly [string, Act, Outcome, Partial<Ended>][] = [
  ['an answer', answer, 'ok', { status: 200, answeredBy: 'web-1' }],
  ['a head that is all', write((id) => headers(id, 204, {}, END_STREAM)), 'ok', { status: 204 }],
  ['1xx heads first', write((id) => headers(id, 103), head, rest), 'ok', { status: 200 }],
  ['trailers', write(head, half, (id) => headers(id, undefined, { x: 'y' }, 1)), 'ok', {}],
  ['an answer, then RST_STREAM NO_ERROR', write(head, rest, (id) => rstStream(id, 0)), 'ok', {}],
  ['500', write((id) => headers(id, 500, {}, END_STREAM)), 'bad-status', { status: 500 }],
  ...[
    [0, 'NO_ERROR'] as const,
    [2, 'INTERNAL_ERROR'] as const,
    [7, 'REFUSED_STREAM'] as const,
    [8, 'CANCEL'] as const,
    [11, 'ENHANCE_YOUR_CALM'] as const,
  ].flatMap(([code, name]): [string, Act, Outcome, Partial<Ended>][] => [
    [
      `RST_STREAM ${name} before the head`,
      write((id) => rstStream(id, code)),
      'reset-before-response',
      { detail: `RST_STREAM ${name}`, status: 0, bytesReceived: 0 },
    ],
    [
      `RST_STREAM ${name} in the body`,
      write(head, half, (id) => rstStream(id, code)),
      'reset-in-body',
      { detail: `RST_STREAM ${name}`, status: 200, answeredBy: 'web-1' },
    ],
  ]),
  ['GOAWAY', write(() => goaway(0, 0)), 'closed-before-response', { detail: 'GOAWAY NO_ERROR' }],
  [
    'GOAWAY in the body',
    write(head, half, () => goaway(0, 0)),
    'closed-in-body',
    { detail: 'GOAWAY NO_ERROR' },
  ],
  [
    'GOAWAY with an error',
    write(() => goaway(0, 11)),
    'closed-before-response',
    { detail: 'GOAWAY ENHANCE_YOUR_CALM' },
  ],
  ['GOAWAY that spares it, then the answer', write((id) => goaway(id, 0), head, rest), 'ok', {}],
  [
    'GOAWAY that spares it, then FIN',
    writeThenEnd((id) => goaway(id, 0)),
    'closed-before-response',
    { detail: 'FIN' },
  ],
  [
    'GOAWAY announced, then drawn',
    write(
      () => goaway(0x7fffffff, 0),
      () => goaway(0, 0),
    ),
    'closed-before-response',
    { detail: 'GOAWAY NO_ERROR' },
  ],
  ['FIN', writeThenEnd(), 'closed-before-response', { detail: 'FIN' }],
  ['FIN in the body', writeThenEnd(head, half), 'closed-in-body', { detail: 'FIN', status: 200 }],
  ['an answer and FIN', writeThenEnd(head, half, rest), 'ok', {}],
  ['RST', writeThenReset(), 'reset-before-response', { detail: 'ECONNRESET' }],
  ['RST in the body', writeThenReset(head, half), 'reset-in-body', { detail: 'ECONNRESET' }],
  [
    'HTTP/1.1 instead',
    (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
    'protocol',
    { detail: 'Protocol error' },
  ],
  ['a body without a head', write(rest), 'protocol', {}],
  [
    'a head without a status',
    write((id) => headers(id, undefined, { x: 'y' }, 1)),
    'protocol',
    { detail: 'RST_STREAM PROTOCOL_ERROR' },
  ],
  ['bad HPACK', write((id) => frame(1, 5, id, Buffer.alloc(6, 0xff))), 'protocol', {}],
  ['a frame too long', write(() => frame(0, 0, 1, Buffer.alloc(20_000))), 'protocol', {}],
  [
    'a body shorter than its length',
    write((id) => headers(id, 200, { 'content-length': '9' }), rest),
    'protocol',
    { status: 200 },
  ],
  ['a push', write((id) => frame(5, 4, id, Buffer.from([0, 0, 0, 2, 0x82]))), 'protocol', {}],
]

const METHODS = [
  ['GET', get],
  ['POST', post],
] as const

async function expectSentOnce(server: FrameServer, count: number): Promise<void> {
  await vi.waitFor(() => expect(server.requestCount).toBe(count))
}

describe.each(METHODS)('a %s over HTTP/2', (_, request) => {
  it.each(HOSTILE)(
    `on a new connection that meets %s is ${TIMES} times its class, and sent once`,
    async (_name, act, outcome, facts) => {
      await using server = await startFrameServer(act)
      using drive = driveEngine(createHttp2Engine, { port: server.port })
      for (let nth = 0; nth < TIMES; nth++) drive.send(request(), true)
      for (const one of await drive.untilEnded(TIMES)) {
        expect(one).toMatchObject({ outcome, use: 'new', servedBefore: 0, ...facts })
      }
      await expectSentOnce(server, TIMES)
      expect(server.connectionCount).toBe(TIMES)
      expect(drive.engine.inFlight).toBe(0)
    },
  )

  it.each(HOSTILE)(
    'on a reused connection that meets %s is its class, and sent once',
    async (_name, act, outcome, facts) => {
      await using server = await startFrameServer((socket, stream) => {
        if (stream.nth === 0) answer(socket, stream)
        else act(socket, stream)
      })
      using drive = driveEngine(createHttp2Engine, { port: server.port })
      expect(await drive.ask(request())).toMatchObject({ outcome: 'ok', use: 'new' })
      expect(await drive.ask(request())).toMatchObject({
        outcome,
        use: 'reused',
        servedBefore: 1,
        answeredBefore: 'web-1',
        connectUs: 0,
        ...facts,
      })
      await expectSentOnce(server, 2)
      expect(server.connectionCount).toBe(1)
    },
  )
})

describe('a stream', () => {
  it('that fails leaves its neighbours on the connection alone', async () => {
    await using server = await startFrameServer((socket, stream) => {
      if (stream.nth % 2 === 0) answer(socket, stream)
      else socket.write(rstStream(stream.id, 7))
    })
    using drive = driveEngine(createHttp2Engine, { port: server.port })
    for (let nth = 0; nth < 50; nth++) drive.send()
    const ended = await drive.untilEnded(50)
    expect(Map.groupBy(ended, ({ outcome }) => outcome)).toMatchObject(
      new Map([
        ['ok', { length: 25 }],
        ['reset-before-response', { length: 25 }],
      ]),
    )
    expect([server.connectionCount, server.requestCount]).toEqual([1, 50])
  })

  it('that is late is cancelled and does not take the connection with it when bytes still come', async () => {
    await using server = await startFrameServer((socket, stream) => {
      if (stream.nth !== 1) answer(socket, stream)
    })
    using drive = driveEngine(createHttp2Engine, { port: server.port, timeoutUs: 300_000 })
    await drive.ask()
    const late = drive.ask()
    await drive.ask()
    const { outcome, sentAtUs, endedAtUs } = await late
    expect(outcome).toBe('response-timeout')
    expect(endedAtUs - sentAtUs).toBeGreaterThanOrEqual(300_000)
    await vi.waitFor(() => expect(server.resets).toEqual([8]))
    expect(await drive.ask()).toMatchObject({ outcome: 'ok', servedBefore: 2 })
    expect(server.connectionCount).toBe(1)
  })

  it('that is late on a silent connection is the last one on it', async () => {
    await using server = await startFrameServer(() => undefined)
    using drive = driveEngine(createHttp2Engine, { port: server.port, timeoutUs: 100_000 })
    for (let nth = 0; nth < 3; nth++) {
      expect(await drive.ask()).toMatchObject({ outcome: 'response-timeout', use: 'new' })
    }
    expect(server.connectionCount).toBe(3)
    expect(drive.engine.connections).toBe(0)
  })

  it('longer than an answer may be is cut', async () => {
    await using server = await startFrameServer((socket, { id }) => {
      socket.write(head(id))
      const more = () => {
        if (!socket.destroyed) socket.write(data(id, '.'.repeat(16_384)), next)
      }
      // Without a turn between two writes the engine, on the same thread, would never get to read.
      const next = () => setImmediate(more)
      more()
    })
    using drive = driveEngine(createHttp2Engine, { port: server.port, maxResponseBytes: 100_000 })
    expect(await drive.ask(get(), true)).toMatchObject({
      outcome: 'protocol',
      detail: 'answer longer than 100000 bytes',
    })
    expect(drive.engine.connections).toBe(0)
  })

  it('answered before its body was taken frees its place', async () => {
    // More than the first window of 65,535 bytes, which this server never opens further.
    const body = 'x'.repeat(100_000)
    await using server = await startFrameServer(answer, settings(), 'at the head')
    using drive = driveEngine(createHttp2Engine, { port: server.port })
    expect(await drive.ask(prepared({ method: 'POST', body }))).toMatchObject({ outcome: 'ok' })
    await vi.waitFor(() => expect(server.resets).toEqual([8]))
    expect([drive.engine.inFlight, drive.engine.connections]).toEqual([0, 1])
  })

  it('gets its body checked', async () => {
    await using server = await startFrameServer(answer)
    using drive = driveEngine(createHttp2Engine, { port: server.port })
    const seen: string[] = []
    const check = {
      needsHeaders: true,
      needsBody: true,
      judge: (lines: string, body: Buffer) => {
        seen.push(lines, body.toString())
        return 'bad-body' as const
      },
    }
    expect(await drive.ask(prepared({}, check))).toMatchObject({ outcome: 'bad-body' })
    expect(seen).toEqual(['x-pod-name: web-1\r\n', 'halfrest'])
  })

  it('that HTTP/2 cannot carry is the generator’s fault', async () => {
    await using server = await startFrameServer(answer)
    using drive = driveEngine(createHttp2Engine, { port: server.port })
    const bad = prepared({ headers: { 'Content-Type': 'a/b', 'content-type': 'c/d' } })
    expect(await drive.ask(bad)).toMatchObject({ outcome: 'generator' })
    expect(await drive.ask()).toMatchObject({ outcome: 'ok' })
  })
})

describe('a connection', () => {
  it('takes as many streams as the server allows, and the next one another connection', async () => {
    const waiting: [Socket, SeenStream][] = []
    const seen: number[] = []
    await using server = await startFrameServer((socket, stream) => {
      seen.push(stream.nthOnConnection)
      if (stream.nth === 0) answer(socket, stream)
      else waiting.push([socket, stream])
    }, settings(10))
    using drive = driveEngine(createHttp2Engine, { port: server.port })
    await drive.ask()
    for (let nth = 0; nth < 25; nth++) drive.send()
    await vi.waitFor(() => expect(waiting).toHaveLength(25))
    expect(server.connectionCount).toBe(3)
    for (const [socket, stream] of waiting) answer(socket, stream)
    const ended = await drive.untilEnded(26)
    expect(ended.every(({ outcome }) => outcome === 'ok')).toBe(true)
    expect(await drive.ask()).toMatchObject({ use: 'reused' })
    expect(server.connectionCount).toBe(3)
  })

  it('has no room when all it may have are full', async () => {
    await using server = await startFrameServer((socket, stream) => {
      if (stream.nth === 0) answer(socket, stream)
    }, settings(2))
    using drive = driveEngine(createHttp2Engine, { port: server.port, maxConnections: 1 })
    await drive.ask()
    expect(drive.engine.hasRoom(false)).toBe(true)
    drive.send()
    expect([drive.engine.hasRoom(false), drive.engine.hasRoom(true)]).toEqual([true, false])
    drive.send()
    expect(drive.engine.hasRoom(false)).toBe(false)
    drive.engine.close()
    expect(drive.ended.map(({ outcome }) => outcome)).toEqual(['ok', 'cut-off', 'cut-off'])
    expect([drive.engine.inFlight, drive.engine.connections]).toEqual([0, 0])
  })

  it('gets no request after GOAWAY, and no more than it may have', async () => {
    await using server = await startFrameServer((socket, stream) => {
      answer(socket, stream)
      if (stream.nth === 0) socket.write(Buffer.concat([goaway(stream.id, 0), ping]))
    })
    using drive = driveEngine(createHttp2Engine, {
      port: server.port,
      maxRequestsPerConnection: 2,
    })
    const first = await drive.ask()
    expect(first.outcome).toBe('ok')
    await vi.waitFor(() => expect(drive.engine.connections).toBe(0))
    const uses: string[] = []
    for (let nth = 0; nth < 4; nth++) uses.push((await drive.ask()).use)
    expect(uses).toEqual(['new', 'reused', 'new', 'reused'])
    expect([server.connectionCount, server.requestCount]).toEqual([3, 5])
  })

  it('that is refused, or never answered, is told as it is', async () => {
    using refused = driveEngine(createHttp2Engine, { port: await refusingPort() })
    expect(await refused.ask()).toMatchObject({ outcome: 'refused', detail: 'ECONNREFUSED' })
    using unreachable = driveEngine(createHttp2Engine, { host: '127.255.255.255', port: 80 })
    expect(await unreachable.ask()).toMatchObject({ outcome: 'unreachable' })
    await using hole = await startHostileServer(blackHole, () => undefined)
    using late = driveEngine(createHttp2Engine, { port: hole.port, timeoutUs: 100_000 })
    expect(await late.ask()).toMatchObject({ outcome: 'response-timeout' })
  })
})

describe('over TLS', () => {
  async function startSecure(
    name: TestCertificate,
    onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
  ) {
    const server = createSecureServer(certificate(name))
    server.on('stream', onStream)
    server.on('sessionError', () => undefined)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      port: (server.address() as AddressInfo).port,
      [Symbol.dispose]: () => void server.close(),
    }
  }

  it('h2 is spoken, and what is sent is what was asked for', async () => {
    const seen: IncomingHttpHeaders[] = []
    using server = await startSecure('server', (stream, headers) => {
      seen.push(headers)
      stream.respond({ ':status': 200, 'x-pod-name': 'web-7' })
      stream.end('ok')
    })
    using drive = driveEngine(createHttp2Engine, { port: server.port, tls })
    const headers = { 'X-Trace': 'a', Connection: 'upgrade', TE: 'trailers' }
    const request = prepared({ method: 'POST', path: '/pay?sum=1', headers, body: 'sum=1 €' })
    const first = await drive.ask(request)
    expect(Object.fromEntries(Object.entries(seen[0] ?? {}))).toEqual({
      ':method': 'POST',
      ':scheme': 'https',
      ':path': '/pay?sum=1',
      ':authority': 'shop.test',
      'user-agent': 'podtank',
      accept: '*/*',
      'x-trace': 'a',
      te: 'trailers',
      'content-length': '9',
    })
    expect(first).toMatchObject({ outcome: 'ok', status: 200, answeredBy: 'web-7', use: 'new' })
    expect(first.connectUs).toBeGreaterThan(0)
    expect(first.localPort).toBeGreaterThan(0)
    expect(await drive.ask()).toMatchObject({ outcome: 'ok', use: 'reused', connectUs: 0 })
  })

  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('a certificate that is %s is refused', async (name, code) => {
    using server = await startSecure(name, (stream) => {
      stream.respond({}, { endStream: true })
    })
    using drive = driveEngine(createHttp2Engine, { port: server.port, tls })
    const detail = `${code} in the TLS handshake`
    expect(await drive.ask()).toMatchObject({ outcome: 'tls', detail })
    using insecure = driveEngine(createHttp2Engine, {
      port: server.port,
      tls: { ...tls, insecure: true },
    })
    expect(await insecure.ask()).toMatchObject({ outcome: 'ok' })
  })

  it('a server that speaks only HTTP/1.1 is told so', async () => {
    const server = createTlsServer(certificate('server'), (socket) => {
      socket.on('error', () => undefined)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    using drive = driveEngine(createHttp2Engine, { port, tls })
    expect(await drive.ask()).toMatchObject({
      outcome: 'protocol',
      detail: 'the server chose no protocol, not h2',
    })
    server.close()
  })

  it('a connection that ends within the handshake is told by how it ended', async () => {
    await using closing = await startHostileServer(blackHole, (socket) => {
      socket.once('data', () => socket.end())
    })
    using closed = driveEngine(createHttp2Engine, { port: closing.port, tls })
    expect(await closed.ask()).toMatchObject({
      outcome: 'closed-before-response',
      detail: 'FIN in the TLS handshake',
    })
    await using resetting = await startHostileServer(blackHole, (socket) => {
      socket.once('data', () => socket.resetAndDestroy())
    })
    using reset = driveEngine(createHttp2Engine, { port: resetting.port, tls })
    expect(await reset.ask()).toMatchObject({
      outcome: 'reset-before-response',
      detail: 'ECONNRESET in the TLS handshake',
    })
    await using silent = await startHostileServer(blackHole, () => undefined)
    using late = driveEngine(createHttp2Engine, { port: silent.port, tls, timeoutUs: 100_000 })
    expect(await late.ask()).toMatchObject({ outcome: 'connect-timeout' })
  })
})

describe('a server of Node', () => {
  it('is asked 5,000 times over few connections, each time once', async () => {
    let requests = 0
    const server = createServer()
    server.on('stream', (stream) => {
      requests++
      stream.respond({ ':status': 200 })
      stream.end('ok')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    using drive = driveEngine(createHttp2Engine, { port })
    for (let nth = 0; nth < 5_000; nth += 50) {
      for (let one = 0; one < 50; one++) drive.send()
      await drive.untilEnded(nth + 50)
    }
    expect(drive.ended.filter(({ outcome }) => outcome === 'ok')).toHaveLength(5_000)
    expect([requests, drive.engine.connections]).toEqual([5_000, 1])
    server.close()
  })
})
