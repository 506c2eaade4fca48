import { describe, expect, it } from 'vitest'
import {
  answerOk,
  answerText,
  startHostileServer,
  writeThen,
} from '../../support/hostile-server.ts'
import { runLoad } from '../run-load.ts'

/** How many requests each connection got. */
const perConnection = (requests: readonly { readonly connection: number }[]) =>
  [...Map.groupBy(requests, ({ connection }) => connection).values()].map(({ length }) => length)

describe('a connection', () => {
  it('takes no more requests than it may', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port, maxRequestsPerConnection: 4 })
    expect(run.outcomes).toEqual({ ok: 100 })
    expect(Math.max(...perConnection(server.requests))).toBeLessThanOrEqual(4)
    expect(server.connectionCount).toBeGreaterThanOrEqual(25)
  })

  it('takes no request when it is older than it may be', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({
      port: server.port,
      schedule: 'const(50,1s)',
      maxConnectionAgeUs: 100_000,
      requestLog: 'ndjson',
    })
    expect(run.outcomes).toEqual({ ok: 50 })
    const ages = new Map<number, number[]>()
    for (const { connection, arrivedAtMs } of server.requests) {
      ages.set(connection, [...(ages.get(connection) ?? []), arrivedAtMs])
    }
    expect(ages.size).toBeGreaterThanOrEqual(5)
  })

  it('is not used any more when the server keeps it for less than a second more', async () => {
    const hint = answerText('ok', 200, ['Keep-Alive: timeout=1'])
    await using server = await startHostileServer(writeThen(hint))
    const run = await runLoad({ port: server.port, schedule: 'const(10,1s)' })
    expect(run.byUse).toEqual({ new: { ok: 10 }, reused: {} })
  })

  it('is used again when the server keeps it for longer', async () => {
    const hint = answerText('ok', 200, ['Keep-Alive: timeout=60, max=1000'])
    await using server = await startHostileServer(writeThen(hint))
    const run = await runLoad({ port: server.port, schedule: 'const(10,1s)' })
    expect(run.byUse.reused['ok']).toBe(10 - server.connectionCount)
    expect(server.connectionCount).toBeLessThan(10)
  })

  it('is closed after an answer that says max=0', async () => {
    const hint = answerText('ok', 200, ['Keep-Alive: timeout=60, max=0'])
    await using server = await startHostileServer(writeThen(hint))
    const run = await runLoad({ port: server.port, schedule: 'const(10,500ms)' })
    expect(run.byUse).toEqual({ new: { ok: 5 }, reused: {} })
  })
})

describe('an answer', () => {
  it.each([
    ['a bad status', answerText('no', 502, ['Connection: close']), 'fin', 'bad-status'],
    ['a FIN', '', 'fin', 'closed-before-response'],
    ['an RST', '', 'rst', 'reset-before-response'],
    [
      'an RST in the body',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf',
      'rst',
      'reset-in-body',
    ],
  ] as const)(
    'that is %s tells the port it came to, though its connection is closed',
    async (_, text, end, outcome) => {
      await using server = await startHostileServer(writeThen(text, end))
      const run = await runLoad({ port: server.port, connections: 'new' })
      expect(run.outcomes).toEqual({ [outcome]: 100 })
      const ports = run.failures.map(({ localPort }) => localPort)
      expect(ports.every((port) => port !== undefined)).toBe(true)
      expect(new Set(ports).size).toBe(100)
    },
  )

  it('that is longer than it may be is cut off as protocol', async () => {
    await using server = await startHostileServer(writeThen(answerText('x'.repeat(200_000))))
    const run = await runLoad({ port: server.port, maxResponseBytes: 100_000 })
    expect(run.outcomes).toEqual({ protocol: 100 })
    expect(run.failures[0]?.detail).toBe('answer longer than 100000 bytes')
  })

  it.each([
    ['with a length', answerText('{"code":5003}')],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"co\r\n9\r\nde":5003}\r\n0\r\n\r\n',
    ],
    ['until the close', 'HTTP/1.1 200 OK\r\n\r\n{"code":5003}'],
  ])('%s with an error code in its body is a failure of its own class', async (_, answer) => {
    const okBody = { contains: [], not: ['"code":5003'], json: [] }
    await using server = await startHostileServer(writeThen(answer, 'fin'))
    const run = await runLoad({ port: server.port, connections: 'new', requests: [{ okBody }] })
    expect(run.outcomes).toEqual({ 'bad-body': 100 })
    expect(run.statuses).toEqual({ 200: 100 })
  })

  it('without a header that it must have is bad-header', async () => {
    const pod = { 'x-pod-name': 'web-' }
    await using server = await startHostileServer((socket, { nth }) =>
      socket.write(
        answerText('ok', 200, nth % 2 === 0 ? ['X-Pod-Name: web-1'] : ['X-Other: web-1']),
      ),
    )
    const run = await runLoad({ port: server.port, requests: [{ okHeaders: pod }] })
    expect(run.outcomes).toEqual({ ok: 50, 'bad-header': 50 })
  })
})
