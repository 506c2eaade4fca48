import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addAmountFlags, addLoadFlags, type LoadFlags } from '../../src/cli/load/load-flags.ts'
import { scenarioOf } from '../../src/cli/load/scenario-of.ts'

const URL_ = 'http://shop.test:8080/goods?page=1'
const folder = mkdtempSync(join(tmpdir(), 'podtank-flags-'))

/** The task that a command line means. */
function taskOf(args: readonly string[], url: string | null = URL_) {
  const command = addLoadFlags(addAmountFlags(new Command())).exitOverride()
  command.parse([...args], { from: 'user' })
  const read = scenarioOf(url ?? undefined, command.opts<LoadFlags>(), folder)
  if (!read.ok) throw new Error(read.error.map(({ message }) => message).join('\n'))
  return read.value
}

const loadOf = (args: readonly string[], url?: string) => taskOf(args, url).scenario.load

function file(name: string, load: string, more = ''): string {
  writeFileSync(join(folder, name), `podtank: 1\nname: from-file\n${more}\nload: ${load}\n`)
  return name
}

describe('the flags of podtank load', () => {
  it('without any: 100 requests a second for 10 s, connections reused, nothing may fail', () => {
    expect(taskOf([])).toEqual({
      url: URL_,
      ignored: [],
      scenario: {
        name: 'load-shop.test-8080',
        load: {
          schedule: [{ word: 'const', ratePerSecond: 100, durationUs: 10_000_000 }],
          connections: 'reuse',
          timeoutUs: 5_000_000,
          maxConnections: 4_096,
          identityHeader: 'x-pod-name',
          requests: [
            { method: 'GET', path: '/goods?page=1', headers: {}, weight: 1, okStatuses: [] },
          ],
        },
        steps: [],
        expectations: [
          {
            text: 'failed == 0',
            metric: { name: 'failed' },
            filter: {},
            operator: '==',
            limit: 0,
            unit: 'count',
          },
        ],
        stopCriteria: [],
        manifests: [],
      },
    })
  })

  it.each([
    [['-s', '50'], { schedule: [{ word: 'const', ratePerSecond: 50, durationUs: 10_000_000 }] }],
    [['--duration', '3s'], { schedule: [{ word: 'const', ratePerSecond: 100, durationUs: 3e6 }] }],
    [['-u', '5'], { schedule: [], users: [{ fromUsers: 5, toUsers: 5, durationUs: 10_000_000 }] }],
    [
      ['-u', 'ramp(5,1m)'],
      { schedule: [], users: [{ fromUsers: 0, toUsers: 5, durationUs: 60_000_000 }] },
    ],
    [['-d', 'x'], { requests: [{ method: 'POST', body: 'x' }] }],
    [['-d', 'x', '-X', 'patch'], { requests: [{ method: 'PATCH', body: 'x' }] }],
    [['-X', 'HEAD'], { requests: [{ method: 'HEAD' }] }],
    [['-H', 'A: 1', '-H', 'B:2'], { headers: { A: '1', B: '2' } }],
    [['--connections', 'both'], { connections: 'both' }],
    [['--max-connections', '7'], { maxConnections: 7 }],
    [['--max-requests-per-connection', '9'], { maxRequestsPerConnection: 9 }],
    [['--max-connection-age', '2m'], { maxConnectionAgeUs: 120_000_000 }],
    [['--timeout', '250ms'], { timeoutUs: 250_000 }],
    [['--threads', '2', '--pace', 'spin'], { threads: 2, pace: 'spin' }],
    [['--engine', 'undici', '--http', '2'], { engine: 'undici', http: '2' }],
    [
      ['--insecure', '--cacert', 'ca.pem', '--server-name', 'a.test'],
      { tls: { insecure: true, caPath: join(folder, 'ca.pem'), serverName: 'a.test' } },
    ],
  ])('%j', (args, expected) => {
    expect(loadOf(args)).toMatchObject(expected)
  })

  it('go before the file: a schedule takes the place of its users, and the other way round', () => {
    const users = file('users.yaml', `{ users: 'const(3,5s)', timeout: 1s, requests: ['GET /a'] }`)
    const open = loadOf(['-f', users, '-s', '5'], 'http://a/')
    expect(open).toMatchObject({ timeoutUs: 1_000_000, requests: [{ path: '/a' }] })
    expect(open.users).toBeUndefined()
    expect(open.schedule).toHaveLength(1)
    const rate = file('rate.yaml', `{ schedule: 'const(3,5s)', requests: ['GET /a'] }`)
    const closed = loadOf(['-f', rate, '-u', '4'], 'http://a/')
    expect(closed).toMatchObject({ schedule: [], users: [{ toUsers: 4 }] })
  })

  it('make the request where the file has none of its own', () => {
    const rate = file('plain.yaml', `{ schedule: 'const(3,5s)' }`)
    expect(loadOf(['-f', rate, '-d', 'x'])).toMatchObject({
      requests: [{ method: 'POST', path: '/goods?page=1', body: 'x' }],
    })
    const own = file('own.yaml', `{ schedule: 'const(3,5s)', requests: ['GET /a'] }`)
    expect(() => loadOf(['-f', own])).toThrow('the paths come from own.yaml')
  })

  it('take the URL of the file when none is typed, and its expectations when none is given', () => {
    const name = file(
      'whole.yaml',
      `{ schedule: 'const(3,5s)' }`,
      `target: { through: 'http://b.test:81' }\nexpect: ['failed < 1%']\nstop: ['time(1s,5s)']`,
    )
    const task = taskOf(['-f', name], null)
    expect(task.url).toMatch(/^http:\/\/b\.test:81/)
    expect(task.scenario.name).toBe('from-file')
    expect(task.scenario.expectations.map(({ text }) => text)).toEqual(['failed < 1%'])
    expect(task.scenario.stopCriteria?.map(({ text }) => text)).toEqual(['time(1s,5s)'])
    const own = taskOf(['-f', name, '--expect', 'p99<1s', '--stop', 'net(xx,1,1s)'], null)
    expect(own.scenario.expectations.map(({ text }) => text)).toEqual(['p99<1s'])
    expect(own.scenario.stopCriteria?.map(({ text }) => text)).toEqual(['net(xx,1,1s)'])
  })

  it('tell all that is wrong at once', () => {
    expect(() => taskOf(['-s', 'const(x,1s)', '--timeout', '5', '-H', 'bad'])).toThrow(
      /expected "Name: value"[^]*"x" is not a rate[^]*expected a duration/,
    )
  })
})

describe('--duration', () => {
  it.each([
    [['-s', 'const(5,10s)', '--duration', '30s'], '--schedule says itself how long it lasts'],
    [['-s', 'line(1,5,10s) 7', '--duration', '30s'], '--schedule says itself how long it lasts'],
    [['-u', 'ramp(5,10s)', '--duration', '30s'], '--users says itself how long it lasts'],
  ])('beside words with times of their own is a mistake: %j', (args, message) => {
    expect(() => taskOf(args)).toThrow(message)
  })

  it('beside the load of a file is a mistake, and does not put another load in its place', () => {
    const name = file('own.yaml', `{ schedule: 'const(5,10s)' }`)
    expect(() => taskOf(['-f', name, '--duration', '30s'])).toThrow(
      'how long the load lasts is said in own.yaml',
    )
    expect(loadOf(['-f', name, '-s', '7', '--duration', '30s'])).toMatchObject({
      schedule: [{ word: 'const', ratePerSecond: 7, durationUs: 30_000_000 }],
    })
  })
})
