import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { monotonicUs } from '../../../src/base/clock.ts'
import { bucketValue, type SparseHistogram, sparseQuantile } from '../../../src/base/histogram.ts'
import { generateLoad } from '../../../src/load/generate-load.ts'
import { FRAME_US, type LoadFrame } from '../../../src/load/load-frame.ts'
import { driveLoad } from '../../../src/load/drive/drive-load.ts'
import { createRequestSource } from '../../../src/load/source/create-request-source.ts'
import { schedule } from '../../../src/load/schedule.ts'
import {
  answerOk,
  answerText,
  blackHole,
  startHostileServer,
  writeThen,
} from '../../support/hostile-server.ts'
import {
  addUp,
  type LoadOptions,
  type LoadRun,
  planLoad,
  runLoad,
  START_IN_US,
  totalOf,
} from '../run-load.ts'

const countAbove = (sparse: SparseHistogram, limitUs: number): number => {
  let count = 0
  for (let at = 0; at + 1 < sparse.length; at += 2) {
    if (bucketValue(sparse[at] ?? 0) > limitUs) count += sparse[at + 1] ?? 0
  }
  return count
}

/** Runs a plan on this very thread. */
function paceHere(options: LoadOptions) {
  const plan = planLoad(options)
  const frames: LoadFrame[] = []
  return new Promise<LoadRun>((resolve) => {
    const receiver = {
      frame: (frame: LoadFrame) => void frames.push(frame),
      ended: (unlisted: LoadRun['outcomes']) => resolve(addUp(plan, frames, [], { unlisted })),
    }
    const nowUs = () => monotonicUs() - plan.runStartedAtUs
    const source = createRequestSource(plan.load, {
      hostHeader: plan.address.hostHeader,
      share: { index: 0, count: 1 },
    })
    const { signal } = new AbortController()
    void driveLoad({ plan, source, nowUs, receiver, signal, finish: signal })
  })
}

describe('a load that is finished early', () => {
  it.each<Partial<LoadOptions>>([
    { schedule: 'const(2000,20s)' },
    { users: [{ fromUsers: 8, toUsers: 8, durationUs: 20_000_000 }] },
  ])('plans nothing more, lets all end, and balances: %o', async (amount) => {
    const answers: (() => void)[] = []
    // The first answers are held back until the load has been told to finish.
    await using server = await startHostileServer((socket, { nth }) => {
      if (nth < 4) answers.push(() => socket.write(answerText()))
      else socket.write(answerText())
    })
    const plan = planLoad({ port: server.port, ...amount })
    const frames: LoadFrame[] = []
    const finish = new AbortController()
    const listener = {
      failure: () => undefined,
      frame(frame: LoadFrame) {
        frames.push(frame)
        const sent = frames.reduce((sum, one) => sum + one.sent, 0)
        if (sent < 200 || answers.length < 4 || finish.signal.aborted) return
        finish.abort(monotonicUs() - plan.runStartedAtUs)
        for (const answer of answers) answer()
      },
    }
    const { signal } = new AbortController()
    const end = await generateLoad(plan, 2, listener, signal, finish.signal)
    const run = addUp(plan, frames, [], end)
    expect(run.end).toEqual({ unlisted: {} })
    expect(run.notSent).toEqual({})
    expect(run.outcomes).toEqual({ ok: run.due })
    expect(run.sent).toBe(run.due)
    expect(run.due).toBeGreaterThanOrEqual(200)
    expect(run.due).toBeLessThan(30_000)
    expect(server.requests).toHaveLength(run.due)
  })
})

describe('frames', () => {
  it('cover the run without holes and hold what the schedule says', async () => {
    await using server = await startHostileServer(answerOk)
    const text = 'const(200,250ms) line(0,400,500ms)'
    const run = await runLoad({ port: server.port, schedule: text })
    const plan = schedule(planLoad({ port: 1, schedule: text }).load.schedule)
    run.frames.forEach((frame, at) => {
      expect(frame.atUs).toBe(START_IN_US + at * FRAME_US)
      const dueIn = plan.dueCount((at + 1) * FRAME_US - 1) - plan.dueCount(at * FRAME_US - 1)
      expect(frame.due).toBe(dueIn)
    })
    expect(run.frames.length).toBeGreaterThanOrEqual(8)
    expect(run.due).toBe(150)
    expect(run.outcomes).toEqual({ ok: 150 })
  })

  it('go on through a pause of the schedule', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({
      port: server.port,
      schedule: 'const(100,100ms) const(0,300ms) const(100,100ms)',
    })
    expect(run.frames.slice(0, 5).map(({ due }) => due)).toEqual([10, 0, 0, 0, 10])
    expect(run.sent).toBe(20)
  })

  it('say who answered, and when the last request went to them', async () => {
    await using server = await startHostileServer((socket, { nthOnConnection, connection }) => {
      const name = connection % 2 === 0 ? 'web-even' : 'web-odd'
      socket.write(answerText('', 200, nthOnConnection === 0 ? [`X-Pod-Name: ${name}`] : []))
    })
    const run = await runLoad({ port: server.port, connections: 'new', schedule: 'const(100,1s)' })
    const even = run.frames.map(({ answeredBy }) => answeredBy['web-even'])
    const odd = run.frames.map(({ answeredBy }) => answeredBy['web-odd'])
    for (const frames of [even, odd]) {
      expect(totalOf(Object.fromEntries(frames.map((counts, at) => [at, counts?.new ?? 0])))).toBe(
        50,
      )
      expect(frames.every((counts) => (counts?.reused ?? 0) === 0)).toBe(true)
    }
    const lastSent = Math.max(...[...even, ...odd].map((counts) => counts?.lastNewSentAtUs ?? 0))
    expect(lastSent).toBeGreaterThanOrEqual(START_IN_US + 990_000)
    expect([...even, ...odd].every((counts) => counts?.lastReusedSentAtUs === undefined)).toBe(true)
  })

  it('list failures up to the limit and count the others', async () => {
    await using server = await startHostileServer(writeThen('', 'fin'))
    const run = await runLoad({ port: server.port, maxListedFailures: 30 })
    expect(run.failures).toHaveLength(30)
    expect(run.end).toEqual({ unlisted: { 'closed-before-response': 70 } })
    expect(run.outcomes).toEqual({ 'closed-before-response': 100 })
  })
})

describe('the open loop', () => {
  it('goes on through a stall of the server, and response time shows the whole of it', async () => {
    let release: (() => void)[] | undefined
    let stalls = 0
    await using server = await startHostileServer((socket, { nth }) => {
      if (nth === 100) {
        release = []
        stalls++
        void sleep(1_000).then(() => {
          for (const answer of release ?? []) answer()
          release = undefined
        })
      }
      if (release) release.push(() => socket.write(answerText()))
      else socket.write(answerText())
    })
    const run = await runLoad({ port: server.port, schedule: 'const(100,3s)' })
    expect(stalls).toBe(1)
    expect(run.outcomes).toEqual({ ok: 300 })
    // 100 requests are due while the server stalls; the k-th of them waits for 1 s − k · 10 ms.
    expect(countAbove(run.responseTime, 100_000)).toBeGreaterThanOrEqual(85)
    expect(countAbove(run.responseTime, 500_000)).toBeGreaterThanOrEqual(45)
    expect(sparseQuantile(run.responseTime, 1)).toBeGreaterThanOrEqual(950_000)
    expect(Math.max(...run.frames.map(({ connections }) => connections))).toBeGreaterThanOrEqual(85)
    expect(Math.max(...run.frames.map(({ inFlight }) => inFlight))).toBeGreaterThanOrEqual(80)
  })

  it('counts its own lateness into response time and not into service time', async () => {
    await using server = await startHostileServer(answerOk)
    const running = paceHere({ port: server.port, schedule: 'const(100,1s)' })
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(20), {
      interval: 5,
      timeout: 20_000,
    })
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
    const run = await running
    expect(run.outcomes).toEqual({ ok: 100 })
    // 40 requests fell due while this thread was away.
    expect(run.late).toBeGreaterThanOrEqual(37)
    expect(countAbove(run.sendLag, 200_000)).toBeGreaterThanOrEqual(18)
    expect(countAbove(run.responseTime, 200_000)).toBeGreaterThanOrEqual(18)
    expect(countAbove(run.serviceTime, 200_000)).toBeLessThanOrEqual(3)
    expect(Math.max(...run.frames.map(({ loopDelayUs }) => loopDelayUs))).toBeGreaterThan(395_000)
  })

  it('ends a request no earlier than its time-out after it was sent', async () => {
    await using server = await startHostileServer(blackHole)
    const run = await runLoad({ port: server.port, timeoutUs: 300_000 })
    expect(run.outcomes).toEqual({ 'response-timeout': 100 })
    const took = run.failures.map(({ sentAtUs, endedAtUs }) => endedAtUs - sentAtUs)
    expect(Math.min(...took)).toBeGreaterThanOrEqual(300_000)
  })
})

describe('a load that is stopped', () => {
  it('counts what it did not send as stopped', async () => {
    await using server = await startHostileServer(answerOk)
    const stop = new AbortController()
    const running = runLoad({ port: server.port, schedule: 'const(100,60s)' }, stop.signal)
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(20), { timeout: 20_000 })
    stop.abort()
    const run = await running
    expect(run.sent).toBeGreaterThan(20)
    expect(run.sent).toBeLessThan(3_000)
    expect(run.notSent).toEqual({ stopped: 6_000 - run.sent })
    expect(run.due).toBeGreaterThanOrEqual(run.sent)
    expect(run.outcomes).toEqual({ ok: run.sent })
    expect(server.requests).toHaveLength(run.sent)
  })

  it('planned what had fallen due by then, where nobody knew how much it would be', async () => {
    await using server = await startHostileServer(answerOk)
    const stop = new AbortController()
    const load = { port: server.port, schedule: 'const(100,60s)', endsWithSteps: true } as const
    const running = runLoad(load, stop.signal)
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(20), { timeout: 20_000 })
    stop.abort()
    const run = await running
    expect(run.due).toBeLessThan(3_000)
    expect(run.sent + totalOf(run.notSent)).toBe(run.due)
    expect(run.outcomes).toEqual({ ok: run.sent })
  })

  it('cuts off what is unanswered a second later', async () => {
    await using server = await startHostileServer(blackHole)
    const stop = new AbortController()
    const running = runLoad(
      { port: server.port, schedule: 'const(100,60s)', timeoutUs: 60_000_000 },
      stop.signal,
    )
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(20), { timeout: 20_000 })
    stop.abort()
    const run = await running
    expect(run.outcomes).toEqual({ 'cut-off': run.sent })
    expect(run.sent + (run.notSent['stopped'] ?? 0)).toBe(6_000)
  })

  it('before it began has sent nothing', async () => {
    await using server = await startHostileServer(answerOk)
    const run = await runLoad({ port: server.port }, AbortSignal.abort())
    expect(run.notSent).toEqual({ stopped: 100 })
    expect(run.sent).toBe(0)
    expect(server.connectionCount).toBe(0)
  })
})

describe('a load thread', () => {
  it('that dies is told as lost', async () => {
    const { end } = await runLoad({
      port: 1,
      tlsMaterial: { serverName: 'x', insecure: false, cert: 'no certificate' },
    })
    expect(end.lost).toMatch(/PEM/)
  })
})
