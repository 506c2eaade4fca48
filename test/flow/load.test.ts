import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunResult, resultSchema } from '../../src/report/result.ts'
import { type CountingServer, countingServer } from '../support/counting-server.ts'
import { podtank, writeScenario } from '../support/podtank.ts'

const TLS = join(import.meta.dirname, '..', 'support', 'tls')

let server: CountingServer

beforeAll(async () => {
  server = await countingServer()
})

afterAll(() => server.close())

const newOut = () => join(mkdtempSync(join(tmpdir(), 'podtank-load-')), 'run')

/** Runs `podtank load` on a path of the server that nobody asked for before. */
async function load(path: string, args: readonly string[]) {
  server.seen.delete(path)
  const out = newOut()
  const program = podtank(['load', `${server.url}${path}`, '--out', out, ...args])
  const exitCode = await program.ended
  const file = join(out, 'result.json')
  if (!existsSync(file)) throw new Error(`no result, exit ${exitCode}: ${program.stderr()}`)
  const result = resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return { exitCode, out, result, program, seen: server.seen.get(path) ?? 0 }
}

/** On a busy machine the figures may be refused; that is not what these tests are about. */
const withoutDoubt = (expected: number): unknown =>
  expect.toSatisfy((code) => code === expected || code === 11)

const total = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

describe('podtank load', () => {
  it('sends what was planned, and the server saw as many: no probe, no retry, no warm-up among them', async () => {
    const { exitCode, result, seen } = await load('/', ['-s', 'const(200,2s)'])
    expect(result.ledger).toMatchObject({ planned: 400, sent: 400, outcomes: { ok: 400 } })
    expect(seen).toBe(400)
    expect(result.statuses).toEqual({ 200: 400 })
    expect(result.rate).toEqual({ planned: 200, sent: 200, answered: 200 })
    expect(result.responseTime?.count).toBe(400)
    expect(result.cluster).toBe('none')
    expect(result.causes).toEqual([])
    expect(exitCode).toEqual(withoutDoubt(0))
  })

  it('writes recording, result and report, and prints the result as JSON', async () => {
    const { out, result, program } = await load('/', ['-s', '50', '--duration', '1s', '-o', 'json'])
    expect(JSON.parse(program.stdout())).toEqual(result)
    expect(result.ledger.planned).toBe(50)
    const report = readFileSync(join(out, 'report.html'), 'utf8')
    const body = /<main>([^]*)<\/main>/.exec(report)?.[1] ?? ''
    expect(body.length).toBeGreaterThan(1_000)
    // What is shown, not the page: a failure here would print all of it.
    expect(/endpoint|watch gap|drain|pod\b/i.exec(body)?.[0]).toBeUndefined()
    const again = podtank(['report', out, '-o', 'json'])
    expect(await again.ended).toBe(result.verdict.exitCode)
    expect(again.stdout()).toBe(program.stdout())
    const replay = podtank(['replay', out, '--speed', '100000'])
    expect(await replay.ended).toBe(0)
    expect(replay.stderr()).toMatch(/ok 50 {2}failed 0/)
    expect(replay.stderr()).not.toMatch(/pods|endpoints/)
  })

  it('counts 503 as failed: exit 10', async () => {
    const { exitCode, result, seen } = await load('/503', ['-s', 'const(100,1s)'])
    expect(seen).toBe(100)
    expect(result.ledger.outcomes).toEqual({ 'bad-status': 100 })
    expect(result.failures).toMatchObject([{ name: 'bad-status 503', count: 100 }])
    expect(result.verdict.sentence).toContain(
      '100 of 100 requests failed (100 %): 100 bad-status 503',
    )
    expect(exitCode).toEqual(withoutDoubt(10))
  })

  it('counts every reset, one in ten, exactly', async () => {
    const { result, seen } = await load('/tenth', ['-s', 'const(200,2s)'])
    expect(seen).toBe(400)
    expect(result.ledger.outcomes).toEqual({ ok: 360, 'reset-before-response': 40 })
    expect(result.failures).toMatchObject([
      { name: 'reset-before-response', count: 40, details: ['ECONNRESET'] },
    ])
  })

  it('closes the loop with users: never more at once, and as many as the server saw', async () => {
    const { result, seen } = await load('/slow', ['-u', '5', '--duration', '1s'])
    expect(server.mostAtOnce()).toBe(5)
    expect(result.ledger.sent).toBe(seen)
    expect(result.ledger.planned).toBe(result.ledger.sent + total(result.ledger.notSent))
    // Five users and 50 ms an answer: a hundred a second at most.
    expect(result.ledger.sent).toBeGreaterThanOrEqual(5)
    expect(result.ledger.sent).toBeLessThanOrEqual(105)
  })

  it('sends body, method and headers', async () => {
    await load('/pay', [
      '-s',
      '5',
      '--duration',
      '1s',
      '-d',
      '{"sum":1}',
      '-H',
      'X-One: 1',
      '-H',
      'X-Two: a: b',
    ])
    expect(server.last()).toMatchObject({
      method: 'POST',
      body: '{"sum":1}',
      headers: { 'x-one': '1', 'x-two': 'a: b', host: `127.0.0.1:${server.port}` },
    })
    const file = join(mkdtempSync(join(tmpdir(), 'podtank-body-')), 'body.txt')
    writeFileSync(file, 'größer\n')
    await load('/pay?a=1', ['-s', '5', '--duration', '1s', '-d', `@${file}`, '-X', 'put'])
    expect(server.last()).toMatchObject({ method: 'PUT', body: 'größer\n' })
    expect(server.seen.get('/pay?a=1')).toBe(5)
  })

  it('records no secret', async () => {
    const { out } = await load('/', [
      '-s',
      '5',
      '--duration',
      '1s',
      '-H',
      'Authorization: Bearer geheim',
    ])
    expect(server.last()?.headers.authorization).toBe('Bearer geheim')
    for (const file of ['recording.ndjson', 'result.json', 'report.html']) {
      expect(readFileSync(join(out, file), 'utf8')).not.toContain('geheim')
    }
  })

  it('holds expectations: exit 10 for one that is not met', async () => {
    const { exitCode, result } = await load('/slow', [
      ...['-s', 'const(20,1s)', '--expect', 'p99<10ms', '--expect', 'failed<0.1%'],
    ])
    expect(result.expectations).toMatchObject([
      { text: 'p99<10ms', state: 'not-met' },
      { text: 'failed<0.1%', state: 'met' },
    ])
    expect(exitCode).toEqual(withoutDoubt(10))
  })

  it('is stopped by a criterion: exit 14, and the rest is not sent', async () => {
    const { exitCode, result, seen } = await load('/503', [
      ...['-s', 'const(50,60s)', '--stop', 'http(5xx,50%,2s)'],
    ])
    expect(exitCode).toBe(14)
    expect(result.verdict).toMatchObject({ outcome: 'aborted', exitCode: 14 })
    expect(result.verdict.sentence).toContain('by http(5xx,50%,2s)')
    expect(result.stop).toMatchObject({ kind: 'http', tankExitCode: 22, ratePerSecond: 50 })
    expect(result.ledger.planned).toBe(3_000)
    expect(result.ledger.sent).toBe(seen)
    expect(result.ledger.sent).toBeLessThan(400)
    expect(result.ledger.notSent).toEqual({ stopped: 3_000 - seen })
  })

  it('Ctrl-C: exit 130, all outputs, and the ledger balances', async () => {
    const out = newOut()
    const program = podtank(['load', `${server.url}/`, '-s', 'const(50,60s)', '--out', out])
    await program.said(/ok [1-9]/)
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(130)
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult
    expect(result.ledger.balances).toBe(true)
    expect(result.ledger.planned).toBe(3_000)
    expect(result.ledger.notSent['stopped']).toBe(3_000 - result.ledger.sent)
    expect(existsSync(join(out, 'report.html'))).toBe(true)
  })

  it('a reader that goes away changes nothing', async () => {
    const out = newOut()
    const program = podtank([
      'load',
      `${server.url}/503`,
      '-s',
      '20',
      '--duration',
      '1s',
      '--out',
      out,
    ])
    program.child.stdout?.destroy()
    expect(await program.ended).toEqual(withoutDoubt(10))
    expect(existsSync(join(out, 'result.json'))).toBe(true)
  })

  it('prints a summary of at most 80 columns', async () => {
    const { program } = await load('/tenth', ['-s', 'const(100,1s)'])
    const lines = program.stdout().split('\n')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(program.stdout()).toMatch(/^response time( +[\d.]+ [µm]?s){7}$/m)
    expect(program.stdout()).toMatch(/^ledger {5}100 planned = 100 sent$/m)
    expect(program.stdout()).toMatch(/^reset-before-response +10 +10 %/m)
  })

  it.each(['phout', 'ndjson'] as const)('--requests %s: a line for each request', async (form) => {
    const { out, result } = await load('/', ['-s', 'const(100,1s)', '--requests', form])
    const lines = readFileSync(join(out, `requests.${form}`), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines.length).toBe(result.ledger.sent)
    expect(lines.length).toBe(100)
  })
})

describe('podtank load over TLS', () => {
  let secure: CountingServer

  beforeAll(async () => {
    const read = (name: string) => readFileSync(join(TLS, name), 'utf8')
    secure = await countingServer({ key: read('server.key'), cert: read('server.pem') })
  })

  afterAll(() => secure.close())

  it('verifies the certificate: exit 3, with what to do', async () => {
    const program = podtank(['load', `${secure.url}/`, '-s', '5', '--duration', '1s'])
    expect(await program.ended).toBe(3)
    expect(program.stderr()).toMatch(/cannot be reached over TLS: \w*(?:CERT|VERIFY|ISSUER)/)
    expect(program.stderr()).toContain('--cacert')
    expect(secure.seen.size).toBe(0)
  })

  it.each([
    ['--cacert', join(TLS, 'ca.pem')],
    ['--insecure', undefined],
  ])('speaks it with %s', async (flag, value) => {
    secure.seen.clear()
    const out = newOut()
    const args = value === undefined ? [flag] : [flag, value]
    const url = `${secure.url}/`
    const program = podtank([
      'load',
      url,
      '-s',
      'const(50,1s)',
      '--out',
      out,
      '-o',
      'json',
      ...args,
    ])
    expect(await program.ended).toEqual(withoutDoubt(0))
    const result = JSON.parse(program.stdout()) as RunResult
    expect(result.ledger.outcomes).toEqual({ ok: 50 })
    expect(secure.seen.get('/')).toBe(50)
  })
})

describe('podtank load with a file', () => {
  it('takes the load of a scenario, says what it leaves out, and lets flags go first', async () => {
    const path = writeScenario({
      steps: '[{ wait: 1s }, { scale: { replicas: 1 } }]',
      load: `{ schedule: 'const(20,60s)', requests: ['GET /from-file'] }`,
    })
    const out = newOut()
    const program = podtank(['load', server.url, '-f', path, '-s', 'const(40,1s)', '--out', out])
    expect(await program.ended).toEqual(withoutDoubt(0))
    expect(program.stderr()).toMatch(/^not used here: .*steps/m)
    expect(server.seen.get('/from-file')).toBe(40)
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult
    expect(result).toMatchObject({ scenario: 'small', ledger: { planned: 40, sent: 40 } })
  })

  it('reads ammo', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'podtank-ammo-')), 'ammo.txt')
    writeFileSync(file, '/ammo/1 one\n/ammo/2 two\n')
    const args = ['-s', 'const(20,1s)', '--ammo', file, '--ammo-format', 'uri', '--out', newOut()]
    const program = podtank(['load', server.url, ...args, '-o', 'json'])
    expect(await program.ended).toEqual(withoutDoubt(0))
    const result = JSON.parse(program.stdout()) as RunResult
    expect(server.seen.get('/ammo/1')).toBe(10)
    expect(server.seen.get('/ammo/2')).toBe(10)
    expect(result.byTag).toMatchObject({ one: { ended: 10 }, two: { ended: 10 } })
  })
})

describe('podtank run', () => {
  it('is stopped by a criterion of its file too: exit 14, and what was changed is put back', async () => {
    const path = writeScenario({
      steps: '[{ scale: { replicas: 1 } }, { wait: 60s }]',
      load: `{ schedule: 'const(20,60s)' }`,
      more: `stop: ['http(2xx,50%,2s)']`,
    })
    const out = newOut()
    const program = podtank(['run', path, '--out', out])
    expect(await program.ended).toBe(14)
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult
    expect(result.stop).toMatchObject({ criterion: 'http(2xx,50%,2s)', tankExitCode: 22 })
    expect(result.notRestored).toEqual([])
    expect(program.stderr()).toContain('step 1/2 scale to 1: restored')
  })
})

describe('podtank load: what is wrong is said before the start', () => {
  const refused = async (args: readonly string[]) => {
    const program = podtank(['load', ...args])
    const exitCode = await program.ended
    expect(program.stdout()).toBe('')
    return { exitCode, said: program.stderr() }
  }

  it.each([
    [[], 'where should the load go?'],
    [['localhost:8080'], '"localhost:8080" is not a URL'],
    [['ftp://a/'], '"ftp://" is not spoken here'],
    [['http://u:p@a/'], 'a URL with a user is refused'],
    [['http://a/', '-u', 'many'], '--users:1:1'],
    [['http://a/', '-s', 'const(1,1s)', '-u', '5'], 'a schedule or users, not both'],
    [['http://a/', '--timeout', '5'], 'expected a duration above 0 with a unit'],
    [['http://a/', '--threads', '65'], 'expected a whole number from 1 to 64'],
    [['http://a/', '-H', 'nothing'], 'expected "Name: value"'],
    [['http://a/', '--expect', 'p99<5'], 'is not a duration with a unit'],
    [['http://a/', '--stop', 'htpp(5xx,1,1s)'], 'http'],
    [['http://a/', '--cert', 'x.pem'], '--cert and --key go together'],
    [['http://a/', '--http', '2', '--engine', 'raw'], 'raw speaks HTTP/1.1 only'],
    [['http://a/x', '--ammo', 'a.txt', '--ammo-format', 'uri'], 'the paths come from a.txt'],
    [['http://a/', '-d', '@nowhere'], 'cannot be sent: ENOENT'],
    [['http://a/', '-f', 'nowhere.yaml'], 'nowhere.yaml cannot be read: ENOENT'],
    [['http://a/', '--name', '../x'], 'a name is up to 60 letters'],
    [['http://a/', '--connections', 'some'], 'Allowed choices are new, reuse, both'],
  ])('%j: exit 2', async (args, message) => {
    const { exitCode, said } = await refused(args)
    expect(said).toContain(message)
    expect(exitCode).toBe(2)
  })

  it('puts a caret under the character that is wrong', async () => {
    const { said } = await refused(['http://a/', '-s', 'const(10,5s) line(1,x,5s)'])
    expect(said).toContain('--schedule:1:14: "x" is not a rate')
    expect(said).toContain('\n  const(10,5s) line(1,x,5s)\n               ^')
  })

  it('a target that refuses: exit 3; with --no-probe every request is counted', async () => {
    const gone = await countingServer()
    gone.close()
    const probed = await refused([gone.url, '-s', '10', '--duration', '1s'])
    expect(probed.exitCode).toBe(3)
    expect(probed.said).toContain(`127.0.0.1:${gone.port} cannot be reached: ECONNREFUSED`)
    const args = ['-s', '10', '--duration', '1s', '--no-probe', '--out', newOut(), '-o', 'json']
    const program = podtank(['load', gone.url, ...args])
    expect(await program.ended).toEqual(withoutDoubt(10))
    const result = JSON.parse(program.stdout()) as RunResult
    expect(result.ledger).toMatchObject({ planned: 10, sent: 10, outcomes: { refused: 10 } })
  })

  it('a name that nobody knows: exit 3', async () => {
    const { exitCode, said } = await refused(['http://nowhere.invalid/'])
    expect(said).toContain('the name nowhere.invalid cannot be resolved')
    expect(exitCode).toBe(3)
  })
})
