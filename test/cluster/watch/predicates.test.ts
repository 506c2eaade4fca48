import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { monotonicUs } from '../../../src/base/clock.ts'
import { pause } from '../../../src/base/pause.ts'
import { random } from '../../../src/base/random.ts'
import { TokenBucket } from '../../../src/cluster/api/token-bucket.ts'
import { apiClient } from '../../../src/cluster/api-client.ts'
import { type Gap, reflect } from '../../../src/cluster/watch/reflect.ts'
import { type Counted, FAULTS, HostileWatchApi, NEED_LIST } from './hostile-watch-api.ts'
import { PREDICATES, type Told, type WatchHistory } from './watch-predicates.ts'

const CHANGES = 5_000
const ROUNDS = 10
const STRIKES = FAULTS.length * ROUNDS

interface WatchedHistory extends WatchHistory {
  readonly fromBookmarks: number
}

/** Lets 5,000 changes happen under a watch that 200 faults strike, each in the middle of 25 changes. */
async function watchedHistory(seed: number): Promise<WatchedHistory> {
  const chance = random(seed)
  const api = new HostileWatchApi(chance.stream('api'))
  const url = await api.start()
  for (let n = 0; n < 60; n++) api.change()
  const stop = new AbortController()
  const told: Told[] = []
  const gaps: Gap[] = []
  const started = await reflect<Counted, Counted>({
    client: apiClient(url, () => Promise.resolve(), {
      bucket: new TokenBucket({ perSecond: 1e6, burst: 1e6 }),
    }),
    path: '/api/v1/pods',
    query: { labelSelector: 'app=web' },
    project: (raw) => raw,
    nowUs: monotonicUs,
    random: chance.stream('reflect'),
    signal: stop.signal,
    onChange: (change, object, at) => told.push({ change, object, ...at }),
    onGap: (gap) => gaps.push(gap),
    wait: (ms, signal) => pause(Math.min(ms, 4_000) / 1_000, signal),
    inactivityMs: 150,
  })
  if (!started.ok) throw new Error(started.error.message)
  // What was there before may be of any time, and comes in the order of the list.
  told.splice(0, told.length, ...told.map((one) => ({ ...one, notBeforeUs: 0 })))
  const emitted = api.ledger.length
  const some = async (count: number) => {
    for (let n = 0; n < count; n++) {
      api.change()
      if (chance.next() < 0.3) await turn()
    }
  }
  for (const fault of shuffled(STRIKES, chance)) {
    await api.isWatched()
    await some((CHANGES / STRIKES) >> 1)
    api.strike(fault)
    await some(Math.ceil(CHANGES / STRIKES / 2))
  }
  await api.isWatched()
  expect(api.ledger.length - emitted).toBeGreaterThan(CHANGES * 0.85)
  const newest = () =>
    Math.max(...told.map(({ object }) => Number(object.metadata.resourceVersion)))
  const last = api.ledger.at(-1)?.version ?? 0
  await expect.poll(newest, { timeout: 10_000 }).toBeGreaterThanOrEqual(last)
  stop.abort()
  const { ledger, matching, resumed, listed, bookmarks } = api
  await api.close()
  const fromBookmarks = resumed.filter(({ version }) => bookmarks.has(version)).length
  return { ledger, told, gaps, matching, resumed, listed, fromBookmarks }
}

const versionOf = ({ metadata }: Counted) => Number(metadata.resourceVersion)

/** Each fault equally often, in any order. */
function shuffled(count: number, chance: ReturnType<typeof random>) {
  const faults = Array.from({ length: count }, (_, n) => FAULTS[n % FAULTS.length] ?? 'reset')
  for (let n = faults.length - 1; n > 0; n--) {
    const other = chance.below(n + 1)
    ;[faults[n], faults[other]] = [faults[other] ?? 'reset', faults[n] ?? 'reset']
  }
  return faults
}

const violations = (history: WatchHistory) =>
  Object.entries(PREDICATES).flatMap(([name, check]) =>
    check(history).map((violation) => `${name}: ${violation}`),
  )

describe('a watch of 5,000 changes that 200 faults strike', () => {
  it.each([1, 2])('misses, doubles and reorders nothing, with seed %i', async (seed) => {
    const history = await watchedHistory(seed)
    expect(violations(history)).toEqual([])
    // The faults did strike: each that ends a watch left a gap, and some watches went on from a bookmark.
    expect(history.gaps.length).toBeGreaterThanOrEqual((FAULTS.length - 2) * ROUNDS)
    expect(history.gaps.every(({ fromUs, toUs }) => toUs > fromUs)).toBe(true)
    expect(history.fromBookmarks).toBeGreaterThan(0)
    // Only what makes the version useless leads to a list; some such faults take two or three.
    expect(history.listed.length).toBeGreaterThanOrEqual(NEED_LIST.size * ROUNDS)
    expect(history.listed.length).toBeLessThanOrEqual((NEED_LIST.size + 6) * ROUNDS)
  })

  it('is checked by predicates that see what is wrong', async () => {
    const history = await watchedHistory(3)
    // Of both it must be known when they happened: what a list told may have come in any order.
    const isPlain = ({ change, notBeforeUs, object }: Told) =>
      change === 'changed' &&
      notBeforeUs === undefined &&
      !history.listed.some(({ from, to }) => from < versionOf(object) && versionOf(object) <= to)
    const at = history.told.findIndex(
      (one, index) =>
        index > 2_000 && isPlain(one) && history.told.slice(index + 1, index + 2).every(isPlain),
    )
    const [one, next] = [history.told[at], history.told[at + 1]]
    if (!one || !next) throw new Error('no change was told')
    const withTold = (...told: readonly Told[]) =>
      violations({ ...history, told: history.told.toSpliced(at, 2, ...told) })
    const wrongs: Readonly<Record<string, string[]>> = {
      lost: withTold(next),
      doubled: withTold(one, one, next),
      reordered: withTold(next, one),
      changed: withTold({ ...one, object: { ...one.object, value: -1 } }, next),
      'too early': withTold({ ...one, atUs: 0 }, next),
      'without gaps': violations({ ...history, gaps: [] }),
      'resumed too far': violations({ ...history, resumed: [{ version: 9e9, newestSent: 1 }] }),
    }
    for (const [wrong, found] of Object.entries(wrongs)) expect(found, wrong).not.toEqual([])
  })
})
