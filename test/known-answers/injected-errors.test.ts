import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sparseCount } from '../../src/base/histogram.ts'
import type { Entry } from '../../src/recording/entry.ts'
import type { Recording } from '../../src/recording/recording.ts'
import { keepLedger } from '../../src/verdict/keep-ledger.ts'
import { type LoadOptions, type LoadRun, runLoad, totalOf } from '../load/run-load.ts'
import { buildRecording } from '../support/build-recording.ts'
import type { Injected } from './injecting-server.ts'

async function against(options: Omit<LoadOptions, 'port'>): Promise<LoadRun & { seen: Injected }> {
  const server = fork(join(import.meta.dirname, 'injecting-server.ts'))
  try {
    const [{ port }] = (await once(server, 'message')) as [AddressInfo]
    const run = await runLoad({ ...options, port, timeoutUs: 25_000_000, maxConnections: 64 })
    server.send('counts')
    const [seen] = (await once(server, 'message')) as [Injected]
    return { ...run, seen }
  } finally {
    server.kill()
  }
}

/** The run as its recording would hold it. */
function recordingOf({ planned, frames, failures, end }: LoadRun): Recording {
  const plain = buildRecording()
  const unlisted: Entry = {
    kind: 'harness',
    atUs: 0,
    type: 'failures-not-listed',
    message: '',
    counts: end.unlisted,
  }
  return {
    ...plain,
    plan: { ...plain.plan, plannedRequests: planned },
    frames: frames.map((frame) => ({ kind: 'frame', ...frame })),
    failures: failures.map((failure) => ({ kind: 'failure', ...failure })),
    harness: [unlisted],
  }
}

describe('errors of a known number', () => {
  it.each([
    ['GET', 20_000, 1, 'reuse'],
    ['POST', 4_000, 2, 'both'],
  ] as const)(
    'are exactly those that were injected, on both sides: %s × %i on %i thread(s), %s',
    async (method, count, threads, connections) => {
      const body = method === 'POST' ? { body: 'sum=1' } : {}
      const run = await against({
        schedule: `const(${count / 2},2s)`,
        requests: [{ method, tag: 'pay', ...body }],
        threads,
        connections,
        maxListedFailures: 50,
      })
      const injected = count / 100
      expect(run.seen).toEqual({ requests: count, errors: injected, closed: injected })
      expect(run.sent).toBe(count)
      expect(run.outcomes).toEqual({
        ok: count - 2 * injected,
        'bad-status': injected,
        'closed-before-response': injected,
      })
      expect(run.statuses).toEqual({ 200: count - 2 * injected, 500: injected })
      expect(sparseCount(run.responseTime)).toBe(count - injected)
      // Each thread lists its part of the 50 at most, and one may have few failures.
      expect(run.failures.length).toBeLessThanOrEqual(50)
      expect(run.failures.length + totalOf(run.end.unlisted)).toBe(2 * injected)
      const ledger = keepLedger(recordingOf(run))
      expect(ledger.imbalance).toBeUndefined()
      expect(ledger).toMatchObject({ planned: count, sent: count, notSent: {} })
    },
  )
})
