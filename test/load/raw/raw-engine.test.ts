import { describe, expect, it, vi } from 'vitest'
import { sparseCount } from '../../../src/base/histogram.ts'
import type { Outcome } from '../../../src/load/request-failure.ts'
import {
  answerOk,
  answerText,
  blackHole,
  type Behaviour,
  refusingPort,
  startHostileServer,
  writeThen,
} from '../../support/hostile-server.ts'
import { type LoadRun, runLoad, totalOf } from '../run-load.ts'

/** Short where the time-out is what is tested, and out of the way on a busy machine elsewhere. */
const timeoutUs = (outcome: Outcome) => (outcome === 'response-timeout' ? 250_000 : 15_000_000)

const HALF_HEAD = 'HTTP/1.1 200 OK\r\nContent-Le'
const HALF_BODY = 'HTTP/1.1 200 OK\r\nX-Pod-Name: web-1\r\nContent-Length: 10\r\n\r\nhalf!'
const HALF_CHUNK =
  'HTTP/1.1 200 OK\r\nX-Pod-Name: web-1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n5\r\nha'
const MISSING_LAST_CHUNK = `${HALF_CHUNK}lf!\r\n`

const drip: Behaviour = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n')
  const timer = setInterval(() => socket.write('.'), 20)
  socket.on('close', () => clearInterval(timer))
}

/** 1xx heads without end, and never the answer. */
const informFlood: Behaviour = (socket) => {
  const flood = () => {
    if (!socket.destroyed)
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(50), next)
  }
  const next = () => setTimeout(flood, 5)
  flood()
}

/** What a server does to a request, the class it must be given, and what the record says besides. */
const HOSTILE: readonly [string, Behaviour, Outcome, object][] = [
  [
    'FIN before the first byte',
    writeThen('', 'fin'),
    'closed-before-response',
    { bytesReceived: 0 },
  ],
  [
    'RST before the first byte',
    writeThen('', 'rst'),
    'reset-before-response',
    { detail: 'ECONNRESET' },
  ],
  ['FIN within the head', writeThen(HALF_HEAD, 'fin'), 'closed-before-response', { detail: 'FIN' }],
  [
    'RST within the head',
    writeThen(HALF_HEAD, 'rst'),
    'reset-before-response',
    { bytesReceived: 27 },
  ],
  [
    'FIN within a length body',
    writeThen(HALF_BODY, 'fin'),
    'closed-in-body',
    { answeredBy: 'web-1' },
  ],
  ['RST within a length body', writeThen(HALF_BODY, 'rst'), 'reset-in-body', { status: 200 }],
  ['FIN within a chunk', writeThen(HALF_CHUNK, 'fin'), 'closed-in-body', { answeredBy: 'web-1' }],
  ['RST within a chunk', writeThen(HALF_CHUNK, 'rst'), 'reset-in-body', { answeredBy: 'web-1' }],
  ['FIN before the last chunk', writeThen(MISSING_LAST_CHUNK, 'fin'), 'closed-in-body', {}],
  ['RST in a body until close', writeThen('HTTP/1.1 200 OK\r\n\r\nx', 'rst'), 'reset-in-body', {}],
  ['a black hole', blackHole, 'response-timeout', { bytesReceived: 0 }],
  ['a drip slower than the time-out', drip, 'response-timeout', { status: 200 }],
  ['1xx without end', informFlood, 'response-timeout', {}],
  [
    'garbage',
    writeThen('SSH-2.0-OpenSSH_9.9\r\n', 'fin'),
    'protocol',
    { detail: 'not an HTTP response' },
  ],
  ['a bad status', writeThen('HTTP/1.1 999999 X\r\n\r\n'), 'protocol', {}],
  ['101', writeThen('HTTP/1.1 101 Up\r\n\r\n'), 'protocol', {}],
  [
    'Content-Length and Transfer-Encoding',
    (socket) =>
      void socket.write(
        'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ),
    'protocol',
    { detail: 'both Content-Length and Transfer-Encoding' },
  ],
  [
    'a bad chunk size',
    writeThen('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'),
    'protocol',
    { detail: 'bad chunk size' },
  ],
  ['500', writeThen(answerText('no', 500, ['Connection: close'])), 'bad-status', { status: 500 }],
]

const METHODS = [
  ['GET', { method: 'GET' }],
  ['POST', { method: 'POST', body: '{"sum":1}' }],
] as const

/** Nothing was lost, sent twice, or counted twice. */
function expectBalance(run: LoadRun): void {
  expect(run.end).toEqual({ unlisted: {} })
  expect(run.due).toBe(run.planned)
  expect(run.sent + totalOf(run.notSent)).toBe(run.planned)
  expect(totalOf(run.outcomes)).toBe(run.sent)
  expect(run.failures).toHaveLength(run.sent - (run.outcomes['ok'] ?? 0))
}

describe.concurrent.each(METHODS)('a %s', (method, request) => {
  it.each(HOSTILE)(
    'on a new connection that meets %s is 100 times its class',
    async (_, behaviour, outcome, facts) => {
      await using server = await startHostileServer(behaviour)
      const run = await runLoad({
        port: server.port,
        connections: 'new',
        timeoutUs: timeoutUs(outcome),
        requests: [request],
      })
      expectBalance(run)
      expect(run.byUse).toEqual({ new: { [outcome]: 100 }, reused: {} })
      await vi.waitFor(() => expect(server.requests).toHaveLength(100))
      expect(server.connectionCount).toBe(100)
      for (const failure of run.failures) {
        expect(failure).toMatchObject({ method, connection: 'new', servedBefore: 0, ...facts })
      }
    },
  )

  it.each(HOSTILE)(
    'on a reused connection that meets %s is 100 times its class',
    async (_, behaviour, outcome, facts) => {
      let misdeeds = 0
      await using server = await startHostileServer((socket, seen) => {
        const isHostile = seen.nthOnConnection === 1 && misdeeds < 100
        if (isHostile) misdeeds++
        const act = isHostile ? behaviour : writeThen(answerText('ok', 200, ['X-Pod-Name: web-0']))
        act(socket, seen)
      })
      const run = await runLoad({
        port: server.port,
        schedule: 'const(500,1s)',
        connections: 'reuse',
        timeoutUs: timeoutUs(outcome),
        requests: [request],
      })
      expectBalance(run)
      expect(run.outcomes).toEqual({ ok: 400, [outcome]: 100 })
      expect(run.byUse.reused[outcome]).toBe(100)
      await vi.waitFor(() => expect(server.requests).toHaveLength(500))
      const before = { connection: 'reused', servedBefore: 1, answeredBefore: 'web-0' }
      for (const failure of run.failures) {
        expect(failure).toMatchObject({ method, ...before, ...facts })
      }
    },
  )
})

describe('a request', () => {
  it('to a port where nobody listens is refused', async () => {
    const run = await runLoad({ port: await refusingPort() })
    expectBalance(run)
    expect(run.byUse).toEqual({ new: { refused: 100 }, reused: {} })
    expect(run.failures[0]).toMatchObject({ detail: 'ECONNREFUSED', bytesReceived: 0 })
  })

  it('to an address without a route is unreachable', async () => {
    // TCP to the broadcast address of loopback: the kernel answers ENETUNREACH without a packet.
    const run = await runLoad({ host: '127.255.255.255', port: 80 })
    expectBalance(run)
    expect(run.byUse).toEqual({ new: { unreachable: 100 }, reused: {} })
  })

  it('whose connection is reset as soon as it is accepted is reset before its answer', async () => {
    await using server = await startHostileServer(answerOk, (socket) => socket.resetAndDestroy())
    const run = await runLoad({ port: server.port })
    expectBalance(run)
    expect(run.byUse).toEqual({ new: { 'reset-before-response': 100 }, reused: {} })
    expect(server.connectionCount).toBe(100)
  })

  it('is answered after any number of 1xx heads', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n'.repeat(1_000)
    await using server = await startHostileServer(writeThen(early + answerText('ok', 201)))
    const run = await runLoad({ port: server.port })
    expectBalance(run)
    expect(run.outcomes).toEqual({ ok: 100 })
    expect(run.statuses).toEqual({ 201: 100 })
  })

  it('whose answer comes byte by byte within the time-out is ok', async () => {
    await using server = await startHostileServer((socket) => {
      for (const byte of answerText()) socket.write(byte)
    })
    const run = await runLoad({ port: server.port })
    expectBalance(run)
    expect(run.outcomes).toEqual({ ok: 100 })
  })

  it('is never sent on a connection that was closed while idle', async () => {
    await using server = await startHostileServer(writeThen(answerText(), 'fin'))
    const run = await runLoad({ port: server.port, schedule: 'const(20,1s)' })
    expectBalance(run)
    expect(run.byUse).toEqual({ new: { ok: 20 }, reused: {} })
    expect(server.connectionCount).toBe(20)
  })

  it('does not follow an answer with Connection: close on the same connection', async () => {
    const lastWord = answerText('bye', 200, ['Connection: close'])
    await using server = await startHostileServer((socket, { nthOnConnection }) => {
      socket.write(nthOnConnection === 2 ? lastWord : answerText())
    })
    const run = await runLoad({ port: server.port, schedule: 'const(500,600ms)' })
    expectBalance(run)
    expect(run.outcomes).toEqual({ ok: 300 })
    expect(Math.max(...server.requests.map(({ nthOnConnection }) => nthOnConnection))).toBe(2)
    expect(server.connectionCount).toBeGreaterThanOrEqual(100)
  })

  it('does not follow bytes that nobody asked for', async () => {
    const smuggled = answerText('mine', 200) + answerText('not yours', 418)
    await using server = await startHostileServer(writeThen(smuggled))
    const run = await runLoad({ port: server.port })
    expectBalance(run)
    expect(run.statuses).toEqual({ 200: 100 })
    expect(server.connectionCount).toBe(100)
  })

  it('waits when it would need more connections than allowed, its time-out at most', async () => {
    await using server = await startHostileServer(blackHole)
    const run = await runLoad({ port: server.port, maxConnections: 30, timeoutUs: 500_000 })
    expectBalance(run)
    const sent = run.outcomes['response-timeout'] ?? 0
    expect(sent).toBeGreaterThanOrEqual(30)
    expect(run.notSent).toEqual({ 'connection-limit': 100 - sent })
    // The first 30 went out at once; what was sent later had waited.
    const waits = run.frames.flatMap(({ poolWait }) => poolWait ?? [])
    expect(sparseCount(waits)).toBe(sent - 30)
    await vi.waitFor(() => expect(server.requests).toHaveLength(sent))
  })

  it('is on the wire as the scenario says, its framing headers our own', async () => {
    await using server = await startHostileServer(answerOk)
    await runLoad({
      port: server.port,
      schedule: 'const(2,1s)',
      connections: 'both',
      requests: [
        {
          method: 'POST',
          path: '/pay?sum=1',
          headers: { 'X-Trace': 'a', 'content-length': '999', Connection: 'upgrade' },
          body: 'sum=1 €',
        },
      ],
    })
    const head = [
      'POST /pay?sum=1 HTTP/1.1',
      'Host: shop.test',
      'User-Agent: podtank',
      'Accept: */*',
      'X-Trace: a',
      'Content-Length: 9',
    ].join('\r\n')
    expect(server.requests.map((request) => request.head)).toEqual([
      head,
      `${head}\r\nConnection: close`,
    ])
    expect(server.requests.map(({ body }) => Buffer.from(body, 'latin1').toString())).toEqual([
      'sum=1 €',
      'sum=1 €',
    ])
  })
})

describe('connections', () => {
  const isSingleUse = ({ head }: { head: string }) => head.includes('\r\nConnection: close')

  it('are all new with `new`', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port, connections: 'new' })
    expect(run.byUse).toEqual({ new: { ok: 100 }, reused: {} })
    expect(server.connectionCount).toBe(100)
    expect(server.requests.every(isSingleUse)).toBe(true)
  })

  it('are opened with `reuse` only when none is free', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port, connections: 'reuse' })
    expect(run.byUse.new['ok']).toBe(server.connectionCount)
    expect(run.byUse.reused['ok']).toBe(100 - server.connectionCount)
    expect(server.connectionCount).toBeLessThan(100)
    expect(server.requests.some(isSingleUse)).toBe(false)
  })

  it('are half and half with `both`, and each half gets every request by its weight', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({
      port: server.port,
      connections: 'both',
      schedule: 'const(500,480ms)',
      requests: [
        { path: '/a', weight: 3 },
        { path: '/b', weight: 2 },
        { path: '/c', weight: 1 },
      ],
    })
    expect(run.outcomes).toEqual({ ok: 240 })
    const paths = (single: boolean) =>
      server.requests.filter((request) => isSingleUse(request) === single).map(({ path }) => path)
    for (const half of [paths(true), paths(false)]) {
      expect(Object.groupBy(half, (path) => path)).toMatchObject({
        '/a': { length: 60 },
        '/b': { length: 40 },
        '/c': { length: 20 },
      })
    }
    expect(
      new Set(server.requests.filter(isSingleUse).map(({ connection }) => connection)).size,
    ).toBe(120)
  })
})
