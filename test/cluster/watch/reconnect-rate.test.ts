import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { fail, type Result, succeed } from '../../../src/base/result.ts'
import type { ApiClient, ApiError } from '../../../src/cluster/api-client.ts'
import { BackOff } from '../../../src/cluster/watch/back-off.ts'
import type { RawObject } from '../../../src/cluster/watch/raw-object.ts'
import { reflect } from '../../../src/cluster/watch/reflect.ts'

const MINUTES_US = 60_000_000

/** How the watch of the n-th request goes: how long it lasts, and what it sends; or the status that refuses it. */
type Behaviour = (n: number) => { readonly lastsMs: number; readonly line?: string } | number

/** Reflects for so many minutes of a clock that only waits and watches move; gives when, in s, it listed and opened watches. */
async function requestsOf(behaviour: Behaviour, minutes: number) {
  let nowUs = 0
  const lists: number[] = []
  const watches: number[] = []
  const stop = new AbortController()
  const advance = (ms: number) => {
    nowUs += ms * 1_000
    if (nowUs > minutes * MINUTES_US) stop.abort()
  }
  const error = (status: number): Result<never, ApiError> =>
    fail({ call: 'GET /pods', status, reason: `HTTP ${status}`, message: '' })
  const client: ApiClient = {
    server: 'http://fake',
    call() {
      lists.push(nowUs / 1e6)
      return Promise.resolve(succeed({ metadata: { resourceVersion: '5' }, items: [] }))
    },
    open() {
      watches.push(nowUs / 1e6)
      const does = behaviour(watches.length)
      if (typeof does === 'number') return Promise.resolve(error(does))
      const stream = new Readable({
        read() {
          advance(does.lastsMs)
          if (does.line !== undefined) this.push(`${does.line}\n`)
          this.push(null)
        },
      })
      return Promise.resolve(succeed(stream as never))
    },
  }
  const ended = new Promise((resolve) => stop.signal.addEventListener('abort', resolve))
  await reflect<RawObject, RawObject>({
    client,
    path: '/pods',
    project: (raw) => raw,
    nowUs: () => nowUs,
    random: { ...random(1), next: () => 0 },
    signal: stop.signal,
    onChange: () => undefined,
    onGap: () => undefined,
    wait: (ms) => {
      advance(ms)
      return Promise.resolve()
    },
  })
  await ended
  return { lists, watches }
}

const bookmark = '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}'
const expired = '{"type":"ERROR","object":{"code":410,"reason":"Expired"}}'

describe('the worst that a server can do to a watch', () => {
  it.each<[string, Behaviour]>([
    ['refuses with 500', () => 500],
    ['refuses with 429', () => 429],
    ['refuses with 410', () => 410],
    ['refuses with 403', () => 403],
    ['closes at once', () => ({ lastsMs: 0 })],
    ['closes at once, after a bookmark', () => ({ lastsMs: 0, line: bookmark })],
    ['expires each version', () => ({ lastsMs: 0, line: expired })],
    ['sends nonsense', () => ({ lastsMs: 0, line: '{' })],
    ['closes after 3.9 s', () => ({ lastsMs: 3_900 })],
    ['closes after 4 s', () => ({ lastsMs: 4_000 })],
    ['expires after 4 s', () => ({ lastsMs: 4_000, line: expired })],
    ['does now this, now that', (n) => (n % 2 === 0 ? 500 : { lastsMs: 4_000 })],
  ])('that %s, is at most 0.25 new watches and lists a second', async (_what, behaviour) => {
    const { lists, watches } = await requestsOf(behaviour, 30)
    expect(watches.length).toBeGreaterThan(5)
    for (const times of [lists, watches]) {
      expect(times.length / (30 * 60)).toBeLessThanOrEqual(0.251)
      // In any minute, and with the least chance to wait longer.
      const inMinute = times.map(
        (from) => times.filter((at) => at >= from && at < from + 60).length,
      )
      expect(Math.max(...inMinute)).toBeLessThanOrEqual(15)
    }
  })

  it('goes on at once after a watch that lasted', async () => {
    const { lists, watches } = await requestsOf(() => ({ lastsMs: 300_000 }), 30)
    expect(lists).toEqual([0])
    expect(watches).toEqual([0, 300, 600, 900, 1200, 1500, 1800])
  })
})

describe('the back-off', () => {
  it('is client-go’s: 0.8 s doubled to 30 s, up to twice as long by chance', () => {
    const backOff = new BackOff({ ...random(1), next: () => 0 })
    const longest = new BackOff({ ...random(1), next: () => 0.999_999 })
    const bases = [800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]
    expect(bases.map(() => backOff.next(0))).toEqual(bases)
    for (const base of bases) expect(longest.next(0)).toBeCloseTo(2 * base, -1)
  })

  it('begins anew after two minutes without', () => {
    const backOff = new BackOff({ ...random(1), next: () => 0 })
    for (let n = 0; n < 8; n++) backOff.next(0)
    expect(backOff.next(30_000_000 + 119_000_000)).toBe(30_000)
    expect(backOff.next(179_000_000 + 121_000_000)).toBe(800)
  })

  it('is not shorter than Retry-After, which is believed up to a minute', () => {
    const backOff = new BackOff({ ...random(1), next: () => 0 })
    expect(backOff.next(0, 20_000)).toBe(20_000)
    expect(backOff.next(0, 900_000)).toBe(60_000)
    expect(backOff.next(0, 1)).toBe(3_200)
  })
})
