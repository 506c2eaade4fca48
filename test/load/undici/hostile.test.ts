import { describe, expect, it, vi } from 'vitest'
import { createUndiciEngine } from '../../../src/load/undici/undici-engine.ts'
import type { Expected } from '../../hostile/behaviour.ts'
import { silentBehaviours, promptBehaviours } from '../../hostile/behaviours.ts'
import { answerText, startHostileServer, writeThen } from '../../support/hostile-server.ts'
import { driveEngine, type Ended, get, post } from '../pooled/drive-engine.ts'

const TIMES = 10
const METHODS = [
  ['GET', get],
  ['POST', post],
] as const

const expectEach = (ended: readonly Ended[], { outcome, facts }: Expected) => {
  // Where the raw engine's parser has words of its own, undici's are others.
  const { detail, ...comparable } = facts ?? {}
  const isSocketWord = detail === 'FIN' || detail === 'ECONNRESET'
  const want = { outcome, ...comparable, ...(isSocketWord && { detail }) }
  for (const one of ended) expect(one).toMatchObject(want)
}

describe.each(METHODS)('undici with a %s', (_, request) => {
  it.each(promptBehaviours.map((one) => [one.name, one] as const))(
    `on a new connection that meets %s tells it as it is, ${TIMES} times`,
    async (_name, behaviour) => {
      await using server = await startHostileServer(behaviour.act)
      using drive = driveEngine(createUndiciEngine, {
        port: server.port,
        maxResponseBytes: 4_000_000,
      })
      for (let nth = 0; nth < TIMES; nth++) drive.send(request(), true)
      const ended = await drive.untilEnded(TIMES)
      expectEach(ended, behaviour.undici ?? behaviour.expected)
      expect(ended.every(({ use, servedBefore }) => use === 'new' && servedBefore === 0)).toBe(true)
      await vi.waitFor(() => expect(server.requests).toHaveLength(TIMES))
      expect([server.connectionCount, ended.length]).toEqual([TIMES, TIMES])
    },
  )

  it.each(promptBehaviours.filter(({ on }) => on === 'any').map((one) => [one.name, one] as const))(
    'on a reused connection that meets %s tells it as it is, and is sent once',
    async (_name, behaviour) => {
      await using server = await startHostileServer((socket, seen) => {
        const greet = writeThen(answerText('ok', 200, ['X-Pod-Name: web-0']))
        const act = seen.nthOnConnection === 0 ? greet : behaviour.act
        act(socket, seen)
      })
      using drive = driveEngine(createUndiciEngine, {
        port: server.port,
        maxResponseBytes: 4_000_000,
      })
      for (let nth = 0; nth < TIMES; nth++) drive.send(request())
      await drive.untilEnded(TIMES)
      for (let nth = 0; nth < TIMES; nth++) drive.send(request())
      const ended = (await drive.untilEnded(2 * TIMES)).slice(TIMES)
      expectEach(ended, behaviour.undici ?? behaviour.expected)
      for (const one of ended) {
        expect(one).toMatchObject({ use: 'reused', servedBefore: 1, answeredBefore: 'web-0' })
      }
      await vi.waitFor(() => expect(server.requests).toHaveLength(2 * TIMES))
      expect(server.connectionCount).toBe(TIMES)
    },
  )

  it.each(silentBehaviours.map((one) => [one.name, one] as const))(
    'that meets %s is ended by a limit of ours',
    async (_name, behaviour) => {
      const { expected } = behaviour
      await using server = await startHostileServer(behaviour.act)
      using drive = driveEngine(createUndiciEngine, {
        port: server.port,
        timeoutUs: expected.outcome === 'response-timeout' ? 200_000 : 15_000_000,
        maxResponseBytes: 1_000_000,
      })
      for (let nth = 0; nth < 5; nth++) drive.send(request(), true)
      expectEach(await drive.untilEnded(5), behaviour.undici ?? expected)
      expect(server.requests).toHaveLength(5)
      expect(drive.engine.connections).toBe(0)
    },
  )
})
