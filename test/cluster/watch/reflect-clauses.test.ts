import { afterEach, describe, expect, it } from 'vitest'
import { monotonicUs } from '../../../src/base/clock.ts'
import { random } from '../../../src/base/random.ts'
import { apiClient } from '../../../src/cluster/api-client.ts'
import { Blindness } from '../../../src/cluster/watch/blindness.ts'
import type { RawObject } from '../../../src/cluster/watch/raw-object.ts'
import { type Gap, reflect, type ReflectOptions } from '../../../src/cluster/watch/reflect.ts'
import {
  type Answer,
  json,
  scriptedApi,
  type ScriptedApi,
  stream,
} from '../../support/scripted-api.ts'
import { added, error, expired, list, object, page, stay } from '../../support/watch-answers.ts'

let api: ScriptedApi | undefined
let watching = new AbortController()

afterEach(async () => {
  watching.abort()
  await api?.close()
})

interface Told {
  readonly what: string
  readonly notBeforeUs?: number
}

/** Reflects against scripted answers, with waits that are only noted, until so many requests have been made. */
async function reflected(
  answers: readonly Answer[],
  requests: number,
  more: Partial<ReflectOptions<RawObject, RawObject>> = {},
) {
  const scripted = await scriptedApi(answers)
  api = scripted
  watching = new AbortController()
  const told: Told[] = []
  const gaps: Gap[] = []
  const waits: number[] = []
  void reflect<RawObject, RawObject>({
    client: apiClient(scripted.url, () => Promise.resolve()),
    path: '/api/v1/pods',
    project: (raw) => raw,
    nowUs: monotonicUs,
    random: random(1),
    signal: watching.signal,
    onChange: (change, { metadata }, { notBeforeUs }) =>
      told.push({
        what: `${change} ${metadata.name} ${metadata.resourceVersion}`,
        ...(notBeforeUs !== undefined && { notBeforeUs }),
      }),
    onGap: (gap) => gaps.push(gap),
    wait: (ms) => {
      waits.push(ms)
      return Promise.resolve()
    },
    ...more,
  })
  await scripted.reached(requests)
  return { told, gaps, waits, seen: scripted.seen, what: () => told.map(({ what }) => what) }
}

type Run = Awaited<ReturnType<typeof reflected>>

/** The requests in short: `list`, `list 10`, `page`, `watch 10`. */
const asked = ({ seen }: Run) =>
  seen.map(({ query }) => {
    const version = query.get('resourceVersion')
    if (query.get('watch') === 'true') return `watch ${version}`
    if (query.get('continue') !== null) return 'page'
    const all = query.get('limit') === null ? ' all' : ''
    return `list${version === null ? '' : ` ${version}`}${all}`
  })

describe('a list', () => {
  it('after 410 is at least as fresh as what was seen', async () => {
    const run = await reflected([list('10'), expired, list('20'), stay], 4)
    expect(asked(run)).toEqual(['list', 'watch 10', 'list 10', 'watch 20'])
    expect(run.seen[2]?.query.get('resourceVersionMatch')).toBe('NotOlderThan')
  })

  it('is the newest when that version is expired as well, without waiting', async () => {
    const run = await reflected([list('10'), expired, expired, list('20'), stay], 5)
    expect(asked(run)).toEqual(['list', 'watch 10', 'list 10', 'list', 'watch 20'])
    expect(run.waits.length).toBe(1)
  })

  it('is the newest when the server knows only older versions, as after a restore of etcd', async () => {
    const tooLarge = json({ reason: 'Timeout', message: 'Too large resource version: 90' }, 504)
    const run = await reflected([list('90'), tooLarge, list('20', object('a', '15')), stay], 4)
    expect(asked(run)).toEqual(['list', 'watch 90', 'list', 'watch 20'])
  })

  it('begins anew when its pages expire, and then asks for all at once', async () => {
    const pages = page('10', 'next', object('a', '1'))
    const run = await reflected([pages, expired, pages, expired, list('12'), stay], 6)
    expect(asked(run)).toEqual(['list', 'page', 'list', 'page', 'list all', 'watch 12'])
    expect(run.what()).toEqual([])
  })

  it('tells nothing of pages that were never complete', async () => {
    const pages = page('10', 'next', object('a', '1'))
    const run = await reflected([pages, expired, list('12', object('b', '2')), stay], 4)
    expect(run.what()).toEqual(['appeared b 2'])
  })

  it('asks for later pages by their token alone', async () => {
    const pages = page('20', 'next', object('a', '11'))
    const run = await reflected([list('10'), expired, pages, list('20'), stay], 5)
    expect(run.seen[3]?.query.get('resourceVersion')).toBeNull()
  })

  it('passes over what is no object, and refuses what is no list', async () => {
    const items = [object('a', '1'), { metadata: { name: 'b' } }, null]
    const run = await reflected([json({ metadata: { resourceVersion: '10' }, items }), stay], 2)
    expect(run.what()).toEqual(['appeared a 1'])
    const other = await reflected([list('10'), expired, json({}), list('12'), stay], 5)
    expect(asked(other)).toEqual(['list', 'watch 10', 'list 10', 'list 10', 'watch 12'])
  })

  it('has the selectors of the watch', async () => {
    const run = await reflected([list('10'), stay], 2, { query: { labelSelector: 'app=web' } })
    expect(run.seen.map(({ query }) => query.get('labelSelector'))).toEqual(['app=web', 'app=web'])
  })
})

describe('a watch that ends', () => {
  it.each([
    ['429', error(429, 'TooManyRequests')],
    ['500', error(500, 'InternalError')],
  ])('with %s in the stream goes on from its version', async (_code, line) => {
    const run = await reflected(
      [list('10'), stream([added(object('a', '11')), line], 'stay'), stay],
      3,
    )
    expect(asked(run)).toEqual(['list', 'watch 10', 'watch 11'])
    expect(run.waits.length).toBe(1)
  })

  it.each([
    ['an unknown error', error(403, 'Forbidden')],
    ['a line without an object', { type: 'ADDED' }],
    ['an object without a uid', { type: 'ADDED', object: { metadata: { name: 'a' } } }],
    ['an unknown type', { type: 'RENAMED', object: object('a', '11') }],
    ['a bookmark without a version', { type: 'BOOKMARK', object: { metadata: {} } }],
    ['null', 'null'],
    ['a bare number', '7'],
  ])('with %s lists again', async (_what, line) => {
    const run = await reflected([list('10'), stream([line], 'stay'), list('20'), stay], 4)
    expect(asked(run)).toEqual(['list', 'watch 10', 'list 10', 'watch 20'])
  })

  it('with a line that does not end lists again, and does not keep it', async () => {
    const flood: Answer = (response) => {
      response.writeHead(200)
      const block = Buffer.alloc(1_024 * 1_024, 'x')
      const more = () => {
        while (!response.destroyed && response.write(block));
      }
      response.on('drain', more)
      more()
    }
    const before = process.memoryUsage().rss
    const run = await reflected([list('10'), flood, list('20'), stay], 4)
    expect(asked(run)).toEqual(['list', 'watch 10', 'list 10', 'watch 20'])
    expect(process.memoryUsage().rss - before).toBeLessThan(96 * 1_024 * 1_024)
  })

  it('waits as long as Retry-After asks', async () => {
    const busy: Answer = (response) => {
      response.writeHead(429, { 'retry-after': '17' })
      response.end('{}')
    }
    const run = await reflected([list('10'), busy, stay], 3)
    expect(run.waits).toEqual([17_000])
    expect(asked(run)).toEqual(['list', 'watch 10', 'watch 10'])
  })

  it('five times without a word lists: the version itself is in doubt', async () => {
    const silent = stream([], 'end')
    const run = await reflected(
      [list('10'), silent, silent, silent, silent, silent, list('20'), stay],
      8,
    )
    expect(asked(run).slice(-3)).toEqual(['watch 10', 'list 10', 'watch 20'])
    expect(run.waits.length).toBe(5)
  })

  it('by silence goes on from its version, and was blind since the last byte', async () => {
    const run = await reflected([list('10'), stream([added(object('a', '11'))], 'stay'), stay], 3, {
      inactivityMs: 200,
    })
    await expect.poll(() => run.gaps.length).toBe(1)
    expect(asked(run)).toEqual(['list', 'watch 10', 'watch 11'])
    expect(run.gaps[0]?.why).toBe('silence')
    const { fromUs = 0, toUs = 0 } = run.gaps[0] ?? {}
    expect(toUs - fromUs).toBeGreaterThanOrEqual(195_000)
  })
})

describe('what a watch tells', () => {
  it('is not what it told before, whatever the server repeats', async () => {
    const lines = [
      added(object('a', '11')),
      added(object('b', '12')),
      added(object('a', '11')),
      { type: 'DELETED', object: object('b', '13') },
      { type: 'MODIFIED', object: object('b', '12') },
      { type: 'BOOKMARK', object: { metadata: { resourceVersion: '5' } } },
      added(object('c', '14')),
    ]
    const run = await reflected([list('10'), stream(lines, 'end'), stay], 3)
    expect(run.what()).toEqual(['appeared a 11', 'appeared b 12', 'gone b 13', 'appeared c 14'])
    expect(asked(run)[2]).toBe('watch 14')
  })

  it('takes versions that are no numbers as they come', async () => {
    const lines = [added(object('a', 'x2')), { type: 'MODIFIED', object: object('a', 'x1') }]
    const run = await reflected([list('x0'), stream(lines, 'end'), stay], 3)
    expect(run.what()).toEqual(['appeared a x2', 'changed a x1'])
    expect(asked(run)[2]).toBe('watch x1')
  })

  it('is whole, however the lines are cut', async () => {
    const bytes = Buffer.from(`${JSON.stringify(added(object('gr\u00fc\u00df', '11')))}\n\n`)
    const drip: Answer = (response) => {
      response.writeHead(200)
      const next = (at: number) => {
        response.write(bytes.subarray(at, at + 1))
        if (at + 1 < bytes.length) setImmediate(next, at + 1)
      }
      next(0)
    }
    const run = await reflected([list('10'), drip], 2)
    await expect.poll(run.what).toEqual(['appeared gr\u00fc\u00df 11'])
  })

  it('after a gap may have happened in it', async () => {
    const missed = stream([added(object('b', '12'))], 'stay')
    const run = await reflected(
      [list('10'), stream([added(object('a', '11'))], 'stay'), missed],
      3,
      {
        inactivityMs: 300,
      },
    )
    await expect.poll(() => run.told.length).toBe(2)
    expect(run.told[0]?.notBeforeUs).toBeUndefined()
    expect(run.told[1]?.notBeforeUs).toBe(run.gaps[0]?.fromUs)
  })

  it('is of a gap as long as the server may still be sending what was missed in it', () => {
    const gaps: Gap[] = []
    const blindness = new Blindness((gap) => gaps.push(gap))
    expect(blindness.arrivalAt(5)).toEqual({ atUs: 5 })
    blindness.begin(1_000_000, 'first')
    blindness.begin(1_500_000, 'second')
    expect(blindness.arrivalAt(1_600_000).notBeforeUs).toBe(1_000_000)
    blindness.end(1_800_000)
    expect(gaps).toEqual([{ fromUs: 1_000_000, toUs: 1_800_000, why: 'first' }])
    expect(blindness.arrivalAt(2_500_000).notBeforeUs).toBe(1_000_000)
    expect(blindness.arrivalAt(2_600_000)).toEqual({ atUs: 2_600_000 })
    // A moment hides nothing, and a long gap no more than two seconds after it.
    blindness.begin(3_000_000, 'short')
    blindness.end(3_050_000)
    expect(blindness.arrivalAt(3_060_000)).toEqual({ atUs: 3_060_000 })
    blindness.begin(4_000_000, 'long')
    blindness.end(60_000_000)
    expect(blindness.arrivalAt(61_900_000).notBeforeUs).toBe(4_000_000)
    expect(blindness.arrivalAt(62_000_000)).toEqual({ atUs: 62_000_000 })
  })
})

describe('a watch that is stopped', () => {
  it('while nothing can be seen tells the gap, once', async () => {
    const run = await reflected([list('10'), json({ reason: 'Forbidden' }, 403)], 2, {
      wait: () => new Promise(() => undefined),
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(run.gaps).toEqual([])
    watching.abort()
    expect(run.gaps.map(({ why }) => why)).toEqual(['Forbidden'])
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([run.gaps.length, run.seen.length]).toEqual([1, 2])
  })

  it('while it lists again tells nothing of that list', async () => {
    const held: { answer?: () => void } = {}
    const slow: Answer = (response, request) => {
      held.answer = () => list('20', object('b', '11'))(response, request)
    }
    const run = await reflected([list('10'), expired, slow], 3)
    watching.abort()
    held.answer?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([run.what(), run.seen.length]).toEqual([[], 3])
  })

  it('while it opens asks no more', async () => {
    const run = await reflected([list('10'), () => undefined], 2)
    watching.abort()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([run.seen.length, run.gaps.length]).toEqual([2, 0])
  })
})
