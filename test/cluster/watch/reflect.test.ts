import { afterEach, describe, expect, it } from 'vitest'
import { monotonicUs } from '../../../src/base/clock.ts'
import { random } from '../../../src/base/random.ts'
import { apiClient } from '../../../src/cluster/api-client.ts'
import type { RawObject } from '../../../src/cluster/watch/raw-object.ts'
import { reflect } from '../../../src/cluster/watch/reflect.ts'
import { until } from '../../support/podtank.ts'
import {
  type Answer,
  json,
  scriptedApi,
  type ScriptedApi,
  stream,
} from '../../support/scripted-api.ts'
import {
  added,
  bookmark,
  deleted,
  list,
  modified,
  object,
  page,
  stay,
} from '../../support/watch-answers.ts'

let api: ScriptedApi | undefined
let watching = new AbortController()

afterEach(async () => {
  watching.abort()
  await api?.close()
})

/** Reflects against scripted answers until so many requests have been made; gives what was told. */
async function reflected(answers: readonly Answer[], requests: number) {
  api = await scriptedApi(answers)
  watching = new AbortController()
  const told: string[] = []
  const gaps: { fromUs: number; toUs: number; why: string }[] = []
  const synthetic: string[] = []
  const first = await reflect({
    client: apiClient(api.url, () => Promise.resolve()),
    path: '/api/v1/pods',
    project: (raw: RawObject) => raw,
    nowUs: monotonicUs,
    random: random(1),
    signal: watching.signal,
    onChange(change, raw, at) {
      told.push(`${change} ${raw.metadata.name} ${raw.metadata.resourceVersion}`)
      if (at.notBeforeUs !== undefined) synthetic.push(raw.metadata.name)
    },
    onGap: (gap) => gaps.push(gap),
  })
  await api.reached(requests)
  return { first, told, gaps, synthetic, seen: api.seen }
}

describe('a reflector', () => {
  it('lists, then watches from the list’s version, asking for bookmarks and a time-out of 5 to 10 minutes', async () => {
    const { told, seen } = await reflected([list('10', object('a', '7')), stay], 2)
    expect(told).toEqual(['appeared a 7'])
    expect(seen[0]?.query.get('limit')).toBe('500')
    expect(seen[1]?.query.get('resourceVersion')).toBe('10')
    expect(seen[1]?.query.get('allowWatchBookmarks')).toBe('true')
    const timeout = Number(seen[1]?.query.get('timeoutSeconds'))
    expect(timeout).toBeGreaterThanOrEqual(300)
    expect(timeout).toBeLessThan(600)
  })

  it('reads all pages', async () => {
    const { told, seen } = await reflected(
      [page('10', 'next', object('a', '1')), list('10', object('b', '2')), stay],
      3,
    )
    expect(told).toEqual(['appeared a 1', 'appeared b 2'])
    expect(seen[1]?.query.get('continue')).toBe('next')
  })

  it('tells changes in their order, and nothing twice', async () => {
    const { told } = await reflected(
      [
        list('10', object('a', '7')),
        stream(
          [
            added(object('a', '7')),
            modified(object('a', '11')),
            added(object('b', '12')),
            deleted(object('a', '13')),
          ],
          'stay',
        ),
      ],
      2,
    )
    await until(() => told.length === 4)
    expect(told).toEqual(['appeared a 7', 'changed a 11', 'appeared b 12', 'gone a 13'])
  })

  it('watches again from the last version after a clean end, and tells the gap', async () => {
    const run = await reflected(
      [list('10'), stream([added(object('a', '11')), bookmark('40')], 'end'), stay],
      3,
    )
    await until(() => run.gaps.length === 1)
    expect(run.seen[2]?.query.get('resourceVersion')).toBe('40')
    expect(run.gaps[0]?.why).toBe('eof')
    expect(run.gaps[0]?.toUs).toBeGreaterThan(run.gaps[0]?.fromUs ?? Infinity)
  })

  it('backs off after an error, keeps the version, and does not list again', async () => {
    const startedUs = monotonicUs()
    const run = await reflected([list('10'), json({ reason: 'TooManyRequests' }, 429), stay], 3)
    expect(monotonicUs() - startedUs).toBeGreaterThan(800_000)
    expect(run.seen[2]?.query.get('watch')).toBe('true')
    expect(run.seen[2]?.query.get('resourceVersion')).toBe('10')
    await until(() => run.gaps.length === 1)
    expect(run.gaps[0]?.why).toBe('TooManyRequests')
  })

  it('survives a broken connection', async () => {
    const run = await reflected([list('10'), stream([added(object('a', '11'))], 'break'), stay], 3)
    expect(run.told).toEqual(['appeared a 11'])
    expect(run.seen[2]?.query.get('resourceVersion')).toBe('11')
  })

  it.each([
    ['as an HTTP status', json({ reason: 'Expired' }, 410)],
    [
      'as an event of the stream',
      stream([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }], 'end'),
    ],
  ])(
    'lists again after 410 %s, and tells what changed meanwhile as not before the gap',
    async (_how, expired) => {
      const run = await reflected(
        [
          list('10', object('a', '7'), object('b', '8')),
          expired,
          list('90', object('b', '70'), object('c', '80')),
          stay,
        ],
        4,
      )
      expect(run.told).toEqual([
        'appeared a 7',
        'appeared b 8',
        'gone a 7',
        'changed b 70',
        'appeared c 80',
      ])
      expect(run.synthetic).toEqual(['a', 'b', 'c'])
      expect(run.seen[3]?.query.get('resourceVersion')).toBe('90')
    },
  )

  it('takes a name that came back with another uid for another object', async () => {
    const run = await reflected(
      [
        list('10', object('a', '7', 'old')),
        json({}, 410),
        list('20', object('a', '15', 'new')),
        stay,
      ],
      4,
    )
    expect(run.told).toEqual(['appeared a 7', 'gone a 7', 'appeared a 15'])
  })

  it('lists again after a line that is not JSON', async () => {
    const run = await reflected(
      [list('10'), stream(['{"type":"ADD'], 'stay'), list('20', object('a', '15')), stay],
      4,
    )
    expect(run.told).toEqual(['appeared a 15'])
  })

  it('gives the error of the first list', async () => {
    const { first } = await reflected([json({ reason: 'Forbidden', message: 'no' }, 403)], 1)
    expect(first).toMatchObject({
      ok: false,
      error: { call: 'GET /api/v1/pods', status: 403, reason: 'Forbidden', message: 'no' },
    })
  })

  it('stops when it is told to, also while it backs off', async () => {
    const run = await reflected([list('10'), json({}, 500)], 2)
    watching.abort()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(run.seen.length).toBe(2)
  })
})
