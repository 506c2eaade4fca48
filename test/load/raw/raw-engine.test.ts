import { EventEmitter, once } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { monotonicUs } from '../../../src/base/clock.ts'
import { sparseCount } from '../../../src/base/histogram.ts'
import { prepareRequest } from '../../../src/load/prepared-request.ts'
import { RawEngine } from '../../../src/load/raw/raw-engine.ts'
import {
  answerOk,
  answerText,
  blackHole,
  refusingPort,
  startHostileServer,
  writeThen,
} from '../../support/hostile-server.ts'
import { type LoadRun, planLoad, runLoad, totalOf } from '../run-load.ts'

/** Nothing was lost, sent twice, or counted twice. */
function expectBalance(run: LoadRun): void {
  expect(run.end).toEqual({ unlisted: {} })
  expect(run.due).toBe(run.planned)
  expect(run.sent + totalOf(run.notSent)).toBe(run.planned)
  expect(totalOf(run.outcomes)).toBe(run.sent)
  expect(run.failures).toHaveLength(run.sent - (run.outcomes['ok'] ?? 0))
}

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
    let clientClosed = Promise.resolve<unknown>(undefined)
    await using server = await startHostileServer((socket) => {
      clientClosed = once(socket, 'end')
      socket.end(answerText())
    })
    const ends = new EventEmitter()
    const plan = planLoad({ port: server.port })
    const engine = new RawEngine(plan, monotonicUs, ({ use }, outcome) =>
      ends.emit('ended', `${use} ${outcome}`),
    )
    const spec = { method: 'GET', path: '/', headers: {}, weight: 1, okStatuses: [] }
    const request = prepareRequest(spec, 'shop.test')
    for (let seq = 0; seq < 20; seq++) {
      engine.tick(monotonicUs())
      const ended = once(ends, 'ended')
      engine.send(request, seq, monotonicUs(), false)
      expect(await ended).toEqual(['new ok'])
      await clientClosed
    }
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
    // What was sent after the first 30 had waited; some of those too, until they might open a connection.
    const waits = run.frames.flatMap(({ poolWait }) => poolWait ?? [])
    expect(sparseCount(waits)).toBeGreaterThanOrEqual(sent - 30)
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
