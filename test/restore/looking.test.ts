import { describe, expect, it } from 'vitest'
import { type Result } from '../../src/base/result.ts'
import type { ApiClient, ApiError } from '../../src/cluster/api-client.ts'
import { watchLease } from '../../src/cluster/restore/find-leftovers.ts'
import { newLease, readLease } from '../../src/cluster/restore/lease-object.ts'
import { restoreNamespace } from '../../src/cluster/restore/restore-namespace.ts'
import type { JsonObject } from '../../src/scenario/scenario.ts'

const workload = { kind: 'deployment', name: 'web' } as const

/** The lock of run r1 as a read gives it. */
function leaseAt(resourceVersion: string): JsonObject {
  const made = newLease({ namespace: 'shop', workload, run: 'r1', durationSeconds: 10 })
  return { ...made, metadata: { ...(made['metadata'] as JsonObject), uid: 'u', resourceVersion } }
}

const lease = readLease(leaseAt('1'))
if (!lease) throw new Error('not a lease of a run')

type Answer = Result<JsonObject, ApiError>
const there = (resourceVersion: string): Answer => ({ ok: true, value: leaseAt(resourceVersion) })
const silence: Answer = {
  ok: false,
  error: { call: 'GET', reason: 'timeout', message: 'no answer' },
}

/** Answers each read in turn, the last one for ever; keeps what was written. */
function answering(answers: readonly Answer[]) {
  const writes: string[] = []
  let reads = 0
  const client: ApiClient = {
    server: 'none',
    call({ method, query }) {
      if (method !== 'GET') writes.push(method)
      if (query !== undefined)
        return Promise.resolve({ ok: true, value: { items: [leaseAt('1')] } })
      return Promise.resolve(answers[Math.min(reads++, answers.length - 1)] ?? silence)
    },
    open: () => Promise.reject(new Error('nothing is watched here')),
  }
  return { client, writes, reads: () => reads }
}

const never = new AbortController().signal

describe('whether a run is at work', () => {
  it('is not decided by a time in which the API server gave no answer', async () => {
    // Two reads of silence fill the time; then the run, which could not renew either, does.
    const { client, reads } = answering([silence, silence, there('1'), there('2')])
    expect(await watchLease(client, lease, { silenceMs: 300, signal: never })).toBe('alive')
    expect(reads()).toBe(4)
  })

  it('is no, after as long as its lock says, when the lock was read and nothing moved', async () => {
    const { client } = answering([there('1')])
    expect(await watchLease(client, lease, { silenceMs: 300, signal: never })).toBe('silent')
  })

  it('is not known to who is interrupted, and nothing is touched', async () => {
    const { client, writes } = answering([there('1')])
    const stop = new AbortController()
    const restored = await restoreNamespace({
      client,
      namespace: 'shop',
      by: 'test',
      foreign: 'leave',
      tryForMs: 1_000,
      signal: stop.signal,
      onWaiting: () => stop.abort('SIGINT'),
    })
    expect(restored).toMatchObject({ ok: false, error: { code: 'interrupted' } })
    expect(writes).toEqual([])
  })
})
