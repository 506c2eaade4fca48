import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HostHealth } from '../../../src/load/host-health.ts'
import { FRAME_US } from '../../../src/load/load-frame.ts'
import { netCode } from '../../../src/load/net-code.ts'
import type { StopFired } from '../../../src/load/stop/stop-fired.ts'
import { stopWatch } from '../../../src/load/stop/stop-watch.ts'
import type { LoadSpec } from '../../../src/scenario/scenario.ts'
import { criterion, LOAD, makeFrame, STARTS_AT_US, type Told } from './make-frame.ts'

/** Feeds one thread's frames; gives what fired, and after how many frames. */
function feed(
  text: string,
  frames: readonly Told[],
  load: LoadSpec = LOAD,
  host?: Omit<HostHealth, 'atUs'>,
): { readonly after: number; readonly fired: StopFired } | undefined {
  const watch = stopWatch([criterion(text)], { load, threads: 1 })
  for (const [index, told] of frames.entries()) {
    if (host && index % 10 === 0) watch.host({ atUs: STARTS_AT_US + index * FRAME_US, ...host })
    const fired = watch.frame(makeFrame(index, told))
    if (fired) return { after: index + 1, fired }
  }
  return undefined
}

const seconds = (count: number, told: Told): Told[] =>
  Array.from({ length: count * 10 }, () => told)

interface Case {
  readonly text: string
  readonly calm: Told
  readonly bad: Told
  readonly windowS: number
  readonly exit: number
  readonly seen: string
}

const answers = (ms: number, count = 10): Told => ({
  due: 12,
  statuses: { 200: count },
  timesMs: Array.from({ length: count }, () => ms),
})

// Twelve requests fall due in each frame, so the rate found is 120.
const CASES: readonly Case[] = [
  {
    text: 'time(100,3)',
    calm: answers(100),
    bad: answers(101),
    windowS: 3,
    exit: 21,
    seen: 'mean response time 101 ms > 100 ms for 3.00 s',
  },
  {
    text: 'quantile(25,50ms,4s)',
    calm: answers(20),
    bad: { ...answers(20), statuses: { 200: 4 }, timesMs: [60, 60, 60, 60] },
    windowS: 4,
    exit: 21,
    seen: 'p25 60.0 ms > 50.0 ms for 4.00 s',
  },
  {
    text: 'quantile(99.9,50ms,2s,buy)',
    calm: { due: 12, tags: { buy: answers(20), sell: answers(900) } },
    bad: { due: 12, tags: { buy: answers(70), sell: answers(1) } },
    windowS: 2,
    exit: 21,
    seen: 'p99.9 of buy 70.0 ms > 50.0 ms for 2.00 s',
  },
  {
    text: 'http(5xx,10%,5s)',
    calm: { due: 12, statuses: { 200: 91, 503: 9 } },
    bad: { due: 12, statuses: { 200: 90, 500: 4, 503: 6 } },
    windowS: 5,
    exit: 22,
    seen: 'http 5xx 10 % ≥ 10 % for 5.00 s',
  },
  {
    text: 'http(404,20,2)',
    calm: { due: 12, statuses: { 404: 1, 200: 3 } },
    bad: { due: 12, statuses: { 404: 2, 200: 3 } },
    windowS: 2,
    exit: 22,
    seen: 'http 404 20 ≥ 20 for 2.00 s',
  },
  {
    text: 'http(5xx,50%,2s,buy)',
    calm: { due: 12, statuses: { 500: 9 }, tags: { buy: { statuses: { 200: 2, 500: 1 } } } },
    bad: { due: 12, statuses: { 200: 9 }, tags: { buy: { statuses: { 200: 1, 500: 1 } } } },
    windowS: 2,
    exit: 22,
    seen: 'http 5xx of buy 50 % ≥ 50 % for 2.00 s',
  },
  {
    text: 'net(xx,10,3s)',
    calm: { due: 12, statuses: { 200: 50 } },
    bad: { due: 12, statuses: { 200: 50 }, failures: { refused: 1 } },
    windowS: 3,
    exit: 23,
    seen: 'net xx 10 ≥ 10 for 3.00 s',
  },
  {
    text: 'net(104,25%,3s)',
    calm: { due: 12, statuses: { 200: 3 }, failures: { refused: 1 } },
    bad: {
      due: 12,
      statuses: { 200: 6 },
      failures: { 'reset-before-response': 1, 'reset-in-body': 1 },
    },
    windowS: 3,
    exit: 23,
    seen: 'net 104 25 % ≥ 25 % for 3.00 s',
  },
  {
    text: 'instances(80%,2s)',
    calm: { due: 12, inFlight: 160 },
    bad: { due: 12, inFlight: 161 },
    windowS: 2,
    exit: 24,
    seen: 'instances 161 > 160 for 2.00 s',
  },
  {
    text: 'total_time(300ms,70%,3s)',
    calm: answers(300),
    bad: { ...answers(10), timesMs: [...Array<number>(7).fill(400), 10, 10, 10] },
    windowS: 3,
    exit: 25,
    seen: 'slower than 300 ms 70 % ≥ 70 % in 3.00 s',
  },
  {
    text: 'total_http(5xx,300,3s)',
    calm: { due: 12, statuses: { 200: 10 } },
    bad: { due: 12, statuses: { 500: 10 } },
    windowS: 3,
    exit: 26,
    seen: 'http 5xx 300 ≥ 300 in 3.00 s',
  },
  {
    text: 'total_http(5xx,100%,3s)',
    calm: { due: 12, statuses: { 200: 10 } },
    bad: { due: 12, statuses: { 500: 10 } },
    windowS: 3,
    exit: 26,
    seen: 'http 5xx 100 % ≥ 100 % in 3.00 s',
  },
  {
    text: 'total_net(111,100%,4s)',
    calm: { due: 12, statuses: { 200: 10 } },
    bad: { due: 12, failures: { refused: 10 } },
    windowS: 4,
    exit: 27,
    seen: 'net 111 100 % ≥ 100 % in 4.00 s',
  },
  {
    text: 'negative_http(2xx,100%,2s)',
    calm: { due: 12, statuses: { 204: 10 } },
    bad: { due: 12, statuses: { 302: 5 }, failures: { refused: 5 } },
    windowS: 2,
    exit: 28,
    seen: 'http not 2xx 100 % ≥ 100 % in 2.00 s',
  },
  {
    text: 'negative_net(0,60,3s)',
    calm: { due: 12, statuses: { 500: 10 } },
    bad: { due: 12, statuses: { 200: 10 }, failures: { dns: 1, 'connect-timeout': 1 } },
    windowS: 3,
    exit: 29,
    seen: 'net not 0 60 ≥ 60 in 3.00 s',
  },
  {
    text: 'metric_higher(localhost,inFlight,90,2s)',
    calm: { due: 12, inFlight: 90 },
    bad: { due: 12, inFlight: 95 },
    windowS: 2,
    exit: 31,
    seen: 'inFlight 95 > 90 for 2.00 s',
  },
  {
    text: 'metric_lower(gen*,connections,5,3s)',
    calm: { due: 12, connections: 5 },
    bad: { due: 12, connections: 4 },
    windowS: 3,
    exit: 32,
    seen: 'connections 4 < 5 for 3.00 s',
  },
]

describe('a stop criterion', () => {
  it.each(CASES)(
    '$text holds $windowS s after it began, and not a tenth of a second before, nor when it lasts a second less',
    ({ text, calm, bad, windowS, exit, seen }) => {
      // The bad part begins off the grid of whole seconds.
      const before = [...seconds(4, calm), calm, calm, calm]
      const fed = feed(text, [...before, ...seconds(windowS + 1, bad)])
      expect(fed).toEqual({
        after: before.length + windowS * 10,
        fired: {
          atUs: STARTS_AT_US + 4_300_000 + windowS * 1_000_000,
          criterion: text,
          criterionKind: text.slice(0, text.indexOf('(')),
          tankExitCode: exit,
          firstBadAtUs: STARTS_AT_US + 4_300_000,
          ratePerSecond: 120,
          seen,
        },
      })
      expect(feed(text, [...before, ...seconds(windowS, bad).slice(1)])).toBeUndefined()
      const short = seconds(windowS - 1, bad)
      expect(feed(text, [...before, ...short, ...seconds(9, calm)])).toBeUndefined()
    },
  )

  it('limit holds when the load has lasted so long, whatever happens in it', () => {
    const fed = feed('limit(1.5m)', seconds(100, { due: 3 }))
    expect(fed?.after).toBe(900)
    expect(fed?.fired).toMatchObject({ tankExitCode: 21, ratePerSecond: 30 })
    expect(feed('limit(1.5m)', seconds(100, {}).slice(0, 899))).toBeUndefined()
  })

  it('http_trend holds when a count falls for a whole window of changes, and not while it wavers', () => {
    const falling = Array.from({ length: 12 }, (_, second) =>
      seconds(1, { due: 5, statuses: { 200: 20 - second } }),
    ).flat()
    const fed = feed('http_trend(2xx,5s)', falling)
    // Five changes take six seconds.
    expect(fed?.after).toBe(60)
    expect(fed?.fired).toMatchObject({
      tankExitCode: 30,
      firstBadAtUs: STARTS_AT_US + 1_000_000,
      ratePerSecond: 50,
      seen: 'http 2xx changes by -10.00 ± 0.00 a second for 5.00 s',
    })
    const wavering = Array.from({ length: 40 }, (_, second) =>
      seconds(1, { statuses: { 200: second % 2 === 0 ? 20 : 18 } }),
    ).flat()
    expect(feed('http_trend(2xx,5s)', wavering)).toBeUndefined()
    const rising = Array.from({ length: 40 }, (_, second) =>
      seconds(1, { statuses: { 200: 20 + second } }),
    ).flat()
    expect(feed('http_trend(2xx,5s)', rising)).toBeUndefined()
  })

  it('instances counts users in the closed loop, % of the most there will be', () => {
    const load: LoadSpec = {
      ...LOAD,
      schedule: [],
      users: [{ fromUsers: 0, toUsers: 50, durationUs: 10_000_000 }],
    }
    const users = (count: number) => seconds(3, { users: count, inFlight: 500 })
    expect(feed('instances(90%,2s)', users(45), load)).toBeUndefined()
    expect(feed('instances(90%,2s)', users(46), load)?.after).toBe(20)
  })

  it.each([
    ['cpu', { busyShare: 0.95 }],
    ['steal', { stealShare: 0.95 }],
    ['pressure', { cpuPressure: 0.95 }],
    ['memory', { rssBytes: 95_000_000 }],
    ['fds', { fds: 95 }],
    ['ports', { ports: 95 }],
  ])('metric_higher sees %s of this machine', (metric, health) => {
    expect(feed(`metric_higher(*,${metric},94,2s)`, seconds(3, {}), LOAD, health)?.after).toBe(20)
    expect(feed(`metric_higher(*,${metric},95,2s)`, seconds(3, {}), LOAD, health)).toBeUndefined()
    expect(feed(`metric_higher(*,${metric},94,2s)`, seconds(3, {}))).toBeUndefined()
  })

  it('metric_higher sees the p99 of the send lag in ms', () => {
    expect(
      feed('metric_higher(localhost,sendLag,20,1s)', seconds(1, { sendLagMs: 21 }))?.after,
    ).toBe(10)
    expect(
      feed('metric_higher(localhost,sendLag,20,1s)', seconds(1, { sendLagMs: 19 })),
    ).toBeUndefined()
  })
})

describe('what Tank gets wrong', () => {
  it('a second without the tag does not hold, and ends a row', () => {
    const tagged = seconds(2, { tags: { buy: answers(500) } })
    const without = seconds(2, answers(500))
    expect(feed('time(1ms,3s,buy)', [...tagged, ...without, ...tagged])).toBeUndefined()
    expect(feed('time(0,3s,buy)', seconds(9, answers(500)))).toBeUndefined()
  })

  it('a relative total weighs each request the same, and idle seconds not at all', () => {
    const busy = seconds(1, { statuses: { 200: 95, 500: 5 } })
    const quiet = seconds(4, { statuses: { 500: 1 } })
    // 50 + 40 of 1,040: 8.7 %; the mean of the seconds' shares would be 81 %.
    expect(feed('total_http(5xx,10%,5s)', [...busy, ...quiet])).toBeUndefined()
    expect(feed('total_http(5xx,8.6%,5s)', [...busy, ...quiet])?.after).toBe(50)
    expect(feed('total_http(5xx,1%,5s)', seconds(20, {}))).toBeUndefined()
    const once = [...seconds(4, {}), ...seconds(1, { statuses: { 500: 1, 200: 9 } })]
    expect(feed('total_http(5xx,10%,5s)', once)?.after).toBe(50)
  })

  it('a request that was given up is as slow as the timeout', () => {
    const hung = seconds(3, { failures: { 'response-timeout': 1 } })
    expect(feed('time(4s,2s)', hung)?.fired.seen).toBe(
      'mean response time 5.00 s > 4.00 s for 2.00 s',
    )
    expect(feed('total_time(4s,100%,2s)', hung)?.after).toBe(20)
    expect(feed('time(4s,2s)', seconds(3, { failures: { refused: 1 } }))).toBeUndefined()
  })

  it('a count over a window holds as soon as it is reached, also before a first whole window', () => {
    const fed = feed('total_net(xx,3,10m)', [
      {},
      { due: 6, failures: { refused: 2 } },
      { due: 6, failures: { tls: 1 } },
    ])
    expect(fed?.after).toBe(3)
    expect(fed?.fired).toMatchObject({ firstBadAtUs: STARTS_AT_US, ratePerSecond: 40 })
  })

  it('a total names the first second of its window in which one was seen', () => {
    const frames = [
      ...seconds(7, { due: 10, statuses: { 200: 10 } }),
      ...seconds(3, { due: 20, statuses: { 200: 10, 500: 10 } }),
    ]
    expect(feed('total_http(5xx,15%,10s)', frames)?.fired).toMatchObject({
      firstBadAtUs: STARTS_AT_US + 7_000_000,
      ratePerSecond: 200,
    })
  })
})

describe('a watch over several threads', () => {
  const bad = (thread: number): Told => ({ thread, due: 6, statuses: { 500: 1 } })

  it('adds them up, and judges when each has told its frames', () => {
    const watch = stopWatch([criterion('http(5xx,20,1s)')], { load: LOAD, threads: 2 })
    for (let index = 0; index < 10; index++) {
      expect(watch.frame(makeFrame(index, bad(0)))).toBeUndefined()
      const fired = watch.frame(makeFrame(index, bad(1)))
      expect(fired?.ratePerSecond).toBe(index === 9 ? 120 : undefined)
    }
  })

  it('waits half a second for a thread that stalls, and loses nothing of what it tells later', () => {
    const watch = stopWatch([criterion('total_http(5xx,26,10s)'), criterion('limit(2s)')], {
      load: LOAD,
      threads: 2,
    })
    for (let index = 0; index < 20; index++) {
      expect(watch.frame(makeFrame(index, bad(0)))).toBeUndefined()
    }
    const late = Array.from({ length: 10 }, (_, index) => watch.frame(makeFrame(index, bad(1))))
    expect(late.filter((fired) => fired !== undefined)).toEqual([])
    const fired = watch.frame(makeFrame(20, bad(0)))
    expect(fired).toMatchObject({ criterion: 'total_http(5xx,26,10s)' })
  })

  it('goes on by the clock of the machine when every thread stalls', () => {
    const watch = stopWatch([criterion('limit(5s)')], { load: LOAD, threads: 2 })
    watch.frame(makeFrame(0, bad(0)))
    expect(watch.host({ atUs: STARTS_AT_US + 5_400_000 })).toBeUndefined()
    expect(watch.host({ atUs: STARTS_AT_US + 5_500_000 })?.atUs).toBe(STARTS_AT_US + 5_000_000)
    expect(watch.host({ atUs: STARTS_AT_US + 9_000_000 })).toBeUndefined()
  })

  it('says how near each criterion is', () => {
    const watch = stopWatch(
      [criterion('http(5xx,1,5s)'), criterion('time(1s,5s)'), criterion('total_net(xx,50%,10s)')],
      { load: LOAD, threads: 1 },
    )
    for (const [index, told] of seconds(3, { statuses: { 500: 1 }, timesMs: [3] }).entries()) {
      watch.frame(makeFrame(index, told))
    }
    expect(watch.progress()).toEqual([
      { text: 'http(5xx,1,5s)', heldUs: 3_000_000, windowUs: 5_000_000, seen: 'http 5xx 10 ≥ 1' },
      {
        text: 'time(1s,5s)',
        heldUs: 0,
        windowUs: 5_000_000,
        seen: 'mean response time 3.00 ms > 1.00 s',
      },
      {
        text: 'total_net(xx,50%,10s)',
        heldUs: 0,
        windowUs: 10_000_000,
        seen: 'net xx 0 % ≥ 50 %',
      },
    ])
  })
})

describe('masks of codes', () => {
  const OUTCOMES = [
    'ok',
    'refused',
    'reset-in-body',
    'closed-before-response',
    'response-timeout',
    'tls',
    'cut-off',
  ]

  /** Tank's rule, written out: the code begins with the mask's characters, x being any. */
  const fits = (code: string, mask: string) =>
    code.length >= mask.length &&
    mask.split('').every((character, at) => character === 'x' || character === code.charAt(at))

  const mask = fc.stringMatching(/^[0-57x]{1,3}$/)
  const count = fc.integer({ min: 1, max: 9 })

  it('agree with a naive count for HTTP', () => {
    fc.assert(
      fc.property(
        mask,
        fc.dictionary(fc.integer({ min: 100, max: 599 }).map(String), count, { minKeys: 1 }),
        count,
        (code, statuses, level) => {
          const expected = Object.entries(statuses)
            .filter(([status]) => fits(status, code))
            .reduce((sum, [, answered]) => sum + answered, 0)
          const fed = feed(`http(${code},${level},1s)`, [{ statuses }, ...seconds(1, {}).slice(1)])
          expect(fed !== undefined).toBe(expected >= level)
        },
      ),
    )
  })

  it('agree with a naive count for net codes, ok never among them', () => {
    fc.assert(
      fc.property(
        mask,
        fc.dictionary(fc.constantFrom(...OUTCOMES), count, { minKeys: 1 }),
        count,
        (code, failures, level) => {
          const expected = Object.entries(failures)
            .filter(([outcome]) => outcome !== 'ok' && fits(String(netCode(outcome)), code))
            .reduce((sum, [, ended]) => sum + ended, 0)
          const fed = feed(`net(${code},${level},1s)`, [{ failures }, ...seconds(1, {}).slice(1)])
          expect(fed !== undefined).toBe(expected >= level)
        },
      ),
    )
  })
})
