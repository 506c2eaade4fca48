import { describe, expect, it } from 'vitest'
import type { LoadSpec } from '../../../src/scenario/scenario.ts'
import {
  answerOk,
  answerText,
  startHostileServer,
  writeThen,
} from '../../support/hostile-server.ts'
import { type LoadOptions, type LoadRun, runLoad as runNow, totalOf } from '../run-load.ts'

const constant = (users: number, ms: number): NonNullable<LoadSpec['users']> => [
  { fromUsers: users, toUsers: users, durationUs: ms * 1_000 },
]

/** Users come and go by the clock: the thread must be there when it begins, however busy the machine. */
const runLoad = (options: LoadOptions) => runNow({ startInUs: 1_500_000, ...options })

function expectBalance(run: LoadRun): void {
  expect(run.end).toEqual({ unlisted: {} })
  expect(run.due).toBe(run.sent)
  expect(run.notSent).toEqual({})
  expect(totalOf(run.outcomes)).toBe(run.sent)
}

describe('a closed loop', () => {
  it('has as many requests on their way as there are users, never more', async () => {
    let open = 0
    let most = 0
    await using server = await startHostileServer((socket) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        socket.write(answerText())
      }, 20)
    })
    const run = await runLoad({ port: server.port, users: constant(7, 500) })
    expectBalance(run)
    expect(most).toBe(7)
    expect(run.outcomes).toEqual({ ok: server.requests.length })
    expect(server.connectionCount).toBe(7)
    expect(Math.max(...run.frames.map(({ users }) => users ?? 0))).toBe(7)
  })

  it('is due when its user is free, so that response time is service time and the sending', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port, users: constant(2, 300) })
    expectBalance(run)
    expect(run.sent).toBeGreaterThan(20)
    expect(run.outcomes).toEqual({ ok: run.sent })
  })

  it('goes on after failures: each is a request of its own', async () => {
    await using server = await startHostileServer(writeThen('', 'fin'))
    const run = await runLoad({ port: server.port, users: constant(3, 300) })
    expectBalance(run)
    expect(run.outcomes).toEqual({ 'closed-before-response': run.sent })
    expect(server.connectionCount).toBe(run.sent)
  })

  it('opens a connection for every request of every other user with `both`', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port, users: constant(4, 300), connections: 'both' })
    expectBalance(run)
    const single = server.requests.filter(({ head }) => head.includes('\r\nConnection: close'))
    expect(single.length).toBeGreaterThan(2)
    expect(server.connectionCount).toBe(2 + single.length)
  })

  it('has fewer users when the plan has', async () => {
    const answered: number[] = []
    await using server = await startHostileServer((socket, { connection }) => {
      answered.push(connection)
      setTimeout(() => socket.write(answerText()), 10)
    })
    const users = [...constant(6, 300), ...constant(1, 600)]
    const run = await runLoad({ port: server.port, users })
    expectBalance(run)
    expect(new Set(answered).size).toBe(6)
    expect(new Set(answered.slice(-10)).size).toBe(1)
  })

  it('waits when its users need more connections than allowed', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port, users: constant(9, 300), maxConnections: 2 })
    expectBalance(run)
    expect(server.connectionCount).toBe(2)
    expect(run.frames.some(({ poolWait }) => poolWait !== undefined)).toBe(true)
  })

  it('is shared out between threads', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port, users: constant(5, 400), threads: 2 })
    expectBalance(run)
    expect(server.connectionCount).toBe(5)
    const most = (thread: number) =>
      Math.max(...run.frames.filter((frame) => frame.thread === thread).map((f) => f.users ?? 0))
    expect([most(0), most(1)]).toEqual([3, 2])
  })
})

describe('an open loop on several threads', () => {
  it('sends every request of the schedule once, whichever thread has it', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({
      port: server.port,
      schedule: 'const(301,1s)',
      threads: 3,
      requestLog: 'ndjson',
    })
    expectBalance(run)
    expect(run.planned).toBe(301)
    expect(server.requests).toHaveLength(301)
    const seqs = run.lines
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq)
    expect(seqs.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 301 }, (_, n) => n),
    )
  })

  it('sends `once` at one instant', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port, schedule: 'once(40) const(0,200ms) once(2)' })
    expectBalance(run)
    expect(run.frames[0]?.due).toBe(40)
    expect(server.requests).toHaveLength(42)
  })

  it('spins when it is told to', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port, schedule: 'const(200,400ms)', pace: 'spin' })
    expectBalance(run)
    expect(run.outcomes).toEqual({ ok: 80 })
  })
})
