import { hostname } from 'node:os'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readStopCriterion } from '../../src/scenario/read-stop-criterion.ts'

describe('a stop criterion', () => {
  it.each([
    ['time(1500,15)', { kind: 'time', limitUs: 1_500_000, windowUs: 15_000_000 }],
    [
      'time(1s500ms, 30s, buy)',
      { kind: 'time', limitUs: 1_500_000, windowUs: 30_000_000, tag: 'buy' },
    ],
    [
      'quantile(99.9,0.5s,1.5m)',
      { kind: 'quantile', quantile: 0.999, limitUs: 500_000, windowUs: 90_000_000 },
    ],
    [
      'quantile(25,100,20s)',
      { kind: 'quantile', quantile: 0.25, limitUs: 100_000, windowUs: 20_000_000 },
    ],
    ['limit(1h)', { kind: 'limit', durationUs: 3_600_000_000 }],
    [
      'http(5xx,10%,5s)',
      { kind: 'http', mask: '5xx', level: { unit: 'share', share: 0.1 }, windowUs: 5_000_000 },
    ],
    [
      'http(4XX,25,10)',
      { kind: 'http', mask: '4xx', level: { unit: 'count', count: 25 }, windowUs: 10_000_000 },
    ],
    [
      'net(xx,1,30)',
      { kind: 'net', mask: 'xx', level: { unit: 'count', count: 1 }, windowUs: 30_000_000 },
    ],
    [
      'net(1xx,0.5%,10s,buy)',
      {
        kind: 'net',
        mask: '1xx',
        level: { unit: 'share', share: 0.005 },
        windowUs: 10_000_000,
        tag: 'buy',
      },
    ],
    [
      'instances(80%,10)',
      { kind: 'instances', level: { unit: 'share', share: 0.8 }, windowUs: 10_000_000 },
    ],
    [
      'total_time(300ms, 70%, 3s)',
      {
        kind: 'total_time',
        limitUs: 300_000,
        level: { unit: 'share', share: 0.7 },
        windowUs: 3_000_000,
      },
    ],
    [
      'total_http(5xx,10%,10s)',
      {
        kind: 'total_http',
        mask: '5xx',
        level: { unit: 'share', share: 0.1 },
        windowUs: 10_000_000,
      },
    ],
    [
      'total_net(79,10%,10s)',
      { kind: 'total_net', mask: '79', level: { unit: 'share', share: 0.1 }, windowUs: 10_000_000 },
    ],
    [
      'negative_http(2xx,10,1m)',
      {
        kind: 'negative_http',
        mask: '2xx',
        level: { unit: 'count', count: 10 },
        windowUs: 60_000_000,
      },
    ],
    [
      'negative_net(0,1%,2s,buy)',
      {
        kind: 'negative_net',
        mask: '0',
        level: { unit: 'share', share: 0.01 },
        windowUs: 2_000_000,
        tag: 'buy',
      },
    ],
    ['http_trend(2xx,10s)', { kind: 'http_trend', mask: '2xx', windowUs: 10_000_000 }],
    [
      'metric_higher(localhost,cpu,90.5,10s)',
      {
        kind: 'metric_higher',
        host: 'localhost',
        metric: 'cpu',
        value: 90.5,
        windowUs: 10_000_000,
      },
    ],
    [
      'metric_lower(gen*,connections,1,500ms)',
      { kind: 'metric_lower', host: 'gen*', metric: 'connections', value: 1, windowUs: 500_000 },
    ],
  ])('%s', (text, read) => {
    expect(readStopCriterion(text)).toEqual({ text, ...read })
  })

  it.each([
    ['http(5xx,10%,5s', 'a closing parenthesis is missing in "http(5xx,10%,5s"'],
    ['http 5xx,10%,5s)', 'an opening parenthesis is missing in "http 5xx,10%,5s)"'],
    ['http', '"http" is not a criterion; one is written such as http(5xx,10%,5s)'],
    ['', 'the criterion is empty; one is written such as http(5xx,10%,5s)'],
    [
      'http(5xx,1,5s) net(xx,1,5s)',
      '"http(5xx,1,5s) net(xx,1,5s)" is more than one criterion; each is an entry of its own',
    ],
    ['htp(5xx,10%,5s)', '"htp" is not a stop criterion; did you mean "http"?'],
    ['quantil(95,1,5s)', '"quantil" is not a stop criterion; did you mean "quantile"?'],
    ['http(5xx,10%)', 'http is written http(mask,level,window,[tag]); here are 2 arguments'],
    ['limit()', 'limit is written limit(duration); here are 0 arguments'],
    ['http(5xx,10%,5s,)', 'http: the tag is empty'],
    ['http(5yx,10%,5s)', 'http: "5yx" is not a mask of a code, such as 503, 5xx or xx'],
    ['http(5xx,110%,5s)', 'http: "110%" is neither a count such as 10 nor a share from 0% to 100%'],
    ['total_time(1s,5,5s)', 'total_time: "5" is not a share from 0% to 100%, such as 10%'],
    ['time(1 s,5s)', 'time: "1 s" is not a response time, such as 500ms (a bare number is ms)'],
    [
      'time(1s,0)',
      'time: "0" is not a window above 0 and up to a day, such as 10s (a bare number is seconds)',
    ],
    [
      'time(1s,2w)',
      'time: "2w" is not a window above 0 and up to a day, such as 10s (a bare number is seconds)',
    ],
    ['quantile(101,1,5s)', 'quantile: "101" is not a quantile from 0 to 100, such as 95 or 99.9'],
    [
      'metric_higher(db1.example,cpu,90,10s)',
      'metric_higher: "db1.example" is another machine; only the generator\'s own is measured: localhost, generator, its name, or *',
    ],
    [
      'metric_higher(localhost,CPU_steal,1,10s)',
      'metric_higher: "CPU_steal" is not a metric; there are cpu (%), steal (%), pressure (%), memory (MB), fds, ports, inFlight, connections, sendLag (ms)',
    ],
    ['metric_lower(localhost,cpu,low,10s)', 'metric_lower: "low" is not a number'],
  ])('%s is refused with a sentence', (text, message) => {
    expect(readStopCriterion(text)).toBe(message)
  })

  it('steady_cumulative is refused, and why', () => {
    expect(readStopCriterion('steady_cumulative(10s)')).toMatch(
      /^steady_cumulative has never worked/,
    )
  })

  it('knows this machine by its own name', () => {
    expect(readStopCriterion(`metric_lower(${hostname()},cpu,1,1s)`)).toMatchObject({
      host: hostname(),
    })
  })

  it('never throws, whatever the text', () => {
    const word = fc.constantFrom('http', 'time', 'limit', 'metric_higher', '', 'constructor')
    const piece = fc.oneof(
      fc.constantFrom('5xx', '10%', '5s', '1', '', '%', '.', '1.5.2s', '__proto__'),
      fc.string(),
    )
    fc.assert(
      fc.property(word, fc.array(piece), (name, pieces) => {
        const read = readStopCriterion(`${name}(${pieces.join(',')})`)
        expect(typeof read === 'string' || read.kind === name).toBe(true)
      }),
    )
  })
})
