import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { bucketValue, sparseCount } from '../../src/base/histogram.ts'
import { monotonicUs } from '../../src/base/clock.ts'
import { generateLoad } from '../../src/load/generate-load.ts'
import type { LoadFrame } from '../../src/load/load-frame.ts'
import { addUp, planLoad } from '../load/run-load.ts'
import { answerOk, answerText, startHostileServer } from '../support/hostile-server.ts'

const CONNECTIONS = 5
const REQUESTS = 500

/** How many samples of a histogram are beyond a time. */
function beyond(sparse: readonly number[], us: number): number {
  const above = sparse.map((index, at) => at % 2 === 0 && bucketValue(index) > us)
  return sparse.reduce((sum, count, at) => (above[at - 1] === true ? sum + count : sum), 0)
}

/**
 * The server answers nothing until all requests are due. With a few connections only those that were on their way have
 * the stall in their service time; all others waited for a connection, and have it in their response time alone.
 */
it('a stall of the server is in the service time of what was in flight, and in the response time of all that was due', async () => {
  let isFrozen = true
  const frozen: Socket[] = []
  await using server = await startHostileServer((socket, request) => {
    if (isFrozen) frozen.push(socket)
    else answerOk(socket, request)
  })
  const plan = planLoad({
    port: server.port,
    schedule: `const(1000,0.5s)`,
    maxConnections: CONNECTIONS,
    timeoutUs: 30_000_000,
  })
  const frames: LoadFrame[] = []
  let seenWhileFrozen = 0
  let thawedAtUs = 0
  const end = await generateLoad(
    plan,
    1,
    {
      frame(frame) {
        frames.push(frame)
        const due = frames.reduce((sum, one) => sum + one.due, 0)
        if (!isFrozen || due < REQUESTS || server.requests.length < CONNECTIONS) return
        isFrozen = false
        seenWhileFrozen = server.requests.length
        thawedAtUs = monotonicUs() - plan.runStartedAtUs
        for (const socket of frozen) socket.write(answerText())
      },
      failure: () => undefined,
    },
    new AbortController().signal,
  )
  const run = addUp(plan, frames, [], end)
  expect(seenWhileFrozen).toBe(CONNECTIONS)
  expect(run.outcomes).toEqual({ ok: REQUESTS })
  // Request n was due n ms after the start, so at the thaw it had waited that much less than the stall.
  const stallUs = thawedAtUs - plan.loadStartsAtUs
  const waitedHalf = Math.floor(stallUs / 2 / 1_000)
  expect(beyond(run.responseTime, stallUs / 2)).toBeGreaterThanOrEqual(
    Math.min(REQUESTS, waitedHalf) - 1,
  )
  expect(beyond(run.serviceTime, stallUs * 0.95)).toBeLessThanOrEqual(CONNECTIONS)
  const waits = frames.flatMap(({ poolWait = [] }) => [...poolWait])
  expect(sparseCount(waits)).toBeGreaterThanOrEqual(REQUESTS - 2 * CONNECTIONS)
})
