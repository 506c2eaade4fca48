import { request as requestHttp } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fault, FaultRule, FaultTarget } from '../../../../src/lab/api/faults/fault.ts'
import { pod } from '../../controllers/manifests.ts'
import { until } from '../../controllers/until.ts'
import { startTestCluster, type TestCluster } from '../start-test-cluster.ts'

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
const configMap = (name: string) => ({ metadata: { name }, data: { a: '1' } })

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  await cluster.close()
})

const plan = (fault: Fault, on: FaultTarget = {}, more: Partial<FaultRule> = {}): void => {
  cluster.faults.set([{ on: { resource: 'configmaps', ...on }, fault, ...more }])
}

const exists = (name: string): boolean =>
  cluster.store.get('configmaps', 'default', name) !== undefined

/** Raw bytes of an answer as far as they come; `end` says how it ended. */
interface RawAnswer {
  code: number
  retryAfter: string | undefined
  text: string
  end: 'open' | 'whole' | 'cut' | 'refused'
  leave(): void
}

/** Sends a request on a connection of its own and gives what comes, while it comes. */
function open(method: string, path: string, body?: object): RawAnswer {
  const answer: RawAnswer = {
    code: 0,
    retryAfter: undefined,
    text: '',
    end: 'open',
    leave: () => outgoing.destroy(),
  }
  const headers = { 'content-type': 'application/json' }
  const options = { method, headers, agent: false }
  const outgoing = requestHttp(cluster.url + path, options, (response) => {
    answer.code = response.statusCode ?? 0
    answer.retryAfter = response.headers['retry-after']
    response.on('data', (chunk: Buffer) => (answer.text += chunk.toString('latin1')))
    response.on('end', () => (answer.end = 'whole'))
    response.on('error', () => (answer.end = 'cut'))
  })
  outgoing.on('error', () => (answer.end = 'refused'))
  outgoing.end(body && JSON.stringify(body))
  return answer
}

async function ended(answer: RawAnswer): Promise<RawAnswer> {
  await until('the end of the answer', () => answer.end !== 'open')
  return answer
}

const version = async (): Promise<string> =>
  (await cluster.request('GET', CONFIG_MAPS)).body.metadata.resourceVersion

describe('status', () => {
  test('strikes the calls from the second to the third and no other', async () => {
    plan(
      { kind: 'status', status: 429, retryAfterSeconds: 3 },
      { verbs: ['get'] },
      { from: 2, count: 2 },
    )
    cluster.store.create('configmaps', pod('one'))
    const codes = []
    for (let call = 1; call <= 5; call += 1) {
      await cluster.request('GET', CONFIG_MAPS)
      codes.push((await ended(open('GET', `${CONFIG_MAPS}/one`))).code)
    }
    expect(codes).toEqual([200, 429, 429, 200, 200])
    expect(cluster.faults.injected()).toMatchObject([
      { rule: 0, call: 2, kind: 'status', verb: 'get', resource: 'configmaps', name: 'one' },
      { rule: 0, call: 3, namespace: 'default' },
    ])
  })

  test('carries Retry-After and a Status that says why', async () => {
    plan({ kind: 'status', status: 429, retryAfterSeconds: 3 })
    const answer = await ended(open('GET', CONFIG_MAPS))
    expect(answer.retryAfter).toBe('3')
    expect(JSON.parse(answer.text)).toMatchObject({
      kind: 'Status',
      reason: 'TooManyRequests',
      details: { retryAfterSeconds: 3 },
      code: 429,
    })
  })

  test.each([500, 502, 503, 504])(
    '%i comes before or after the write took effect',
    async (status) => {
      plan({ kind: 'status', status })
      expect((await cluster.request('POST', CONFIG_MAPS, configMap('before'))).code).toBe(status)
      plan({ kind: 'status', status, applied: true })
      expect((await cluster.request('POST', CONFIG_MAPS, configMap('after'))).code).toBe(status)
      expect([exists('before'), exists('after')]).toEqual([false, true])
      expect(cluster.faults.injected()[0]?.code).toBe(201)
    },
  )

  test('is about one name, that of the body for a create', async () => {
    plan({ kind: 'status', status: 500 }, { name: 'b', verbs: ['create'] }, { count: 'all' })
    const codes = []
    for (const name of ['a', 'b', 'c']) {
      codes.push((await cluster.request('POST', CONFIG_MAPS, configMap(name))).code)
    }
    expect(codes).toEqual([201, 500, 201])
  })

  test('is about a subresource only when the rule names it', async () => {
    plan({ kind: 'status', status: 500 }, { resource: 'deployments/scale' })
    const path = '/apis/apps/v1/namespaces/default/deployments/none'
    expect((await cluster.request('GET', path)).code).toBe(404)
    expect((await cluster.request('GET', `${path}/scale`)).code).toBe(500)
  })
})

test('a chance is drawn from the seed: half of the calls, the same ones each time', async () => {
  const codes = async () => {
    plan({ kind: 'status', status: 503 }, {}, { count: 'all', chance: 0.5 })
    const all = []
    for (let call = 0; call < 60; call += 1) {
      all.push((await cluster.request('GET', CONFIG_MAPS)).code)
    }
    return all
  }
  const first = await codes()
  expect(await codes()).toEqual(first)
  const struck = first.filter((code) => code === 503).length
  expect(struck).toBeGreaterThan(15)
  expect(struck).toBeLessThan(45)
})

describe('delay', () => {
  test('lets the write take effect after it, or before', async () => {
    plan({ kind: 'delay', delayMs: 150 })
    const late = open('POST', CONFIG_MAPS, configMap('late'))
    await until('the fault', () => cluster.faults.injected().length === 1)
    expect(exists('late')).toBe(false)
    expect((await ended(late)).code).toBe(201)
    plan({ kind: 'delay', delayMs: 150, applied: true })
    const early = open('POST', CONFIG_MAPS, configMap('early'))
    await until('the write', () => exists('early'))
    expect(early.end).toBe('open')
    expect((await ended(early)).code).toBe(201)
  })

  test('comes before another fault of the same call', async () => {
    cluster.faults.set([
      { on: {}, fault: { kind: 'delay', delayMs: 50 } },
      { on: {}, fault: { kind: 'status', status: 500 } },
    ])
    expect((await ended(open('GET', CONFIG_MAPS))).code).toBe(500)
    expect(cluster.faults.injected().map(({ kind }) => kind)).toEqual(['delay', 'status'])
  })
})

describe('drop and hang', () => {
  test('reset the connection before or after the write took effect', async () => {
    plan({ kind: 'drop' })
    expect((await ended(open('POST', CONFIG_MAPS, configMap('before')))).end).toBe('refused')
    plan({ kind: 'drop', applied: true })
    expect((await ended(open('POST', CONFIG_MAPS, configMap('after')))).end).toBe('refused')
    expect([exists('before'), exists('after')]).toEqual([false, true])
  })

  test('never answer while the connection stays open', async () => {
    plan({ kind: 'hang', applied: true })
    const answer = open('POST', CONFIG_MAPS, configMap('a'))
    await until('the write', () => exists('a'))
    expect((await cluster.request('GET', `${CONFIG_MAPS}/a`)).code).toBe(200)
    expect(answer.end).toBe('open')
    answer.leave()
  })

  test('cut a watch, or silence it, after so many events', async () => {
    const path = `${CONFIG_MAPS}?watch=true&resourceVersion=${await version()}`
    plan({ kind: 'drop', events: 2 })
    const dropped = open('GET', path)
    await until('the watch', () => dropped.code === 200)
    plan({ kind: 'hang', events: 1 })
    const silent = open('GET', `${path}&timeoutSeconds=1`)
    await until('the watch', () => silent.code === 200)
    for (const name of ['a', 'b', 'c']) cluster.store.create('configmaps', pod(name))
    expect((await ended(dropped)).end).toBe('cut')
    expect(dropped.text.match(/"ADDED"/g)).toHaveLength(2)
    await until('one event', () => silent.text.endsWith('\n'))
    expect(silent.text.match(/"ADDED"/g)).toHaveLength(1)
    expect(silent.end).toBe('open')
    silent.leave()
  })
})

describe('garbage', () => {
  test('is not JSON, or only the first half of it', async () => {
    plan({ kind: 'garbage', form: 'malformed' })
    const malformed = await ended(open('GET', CONFIG_MAPS))
    plan({ kind: 'garbage', form: 'truncated' })
    const truncated = await ended(open('GET', CONFIG_MAPS))
    expect([malformed.end, truncated.end]).toEqual(['whole', 'whole'])
    expect(() => JSON.parse(malformed.text) as unknown).toThrow()
    expect(() => JSON.parse(truncated.text) as unknown).toThrow()
    expect(truncated.text).toMatch(/^\{"kind":"ConfigMapList"|^\{/)
  })

  test('is one bad line in a watch that goes on', async () => {
    plan({ kind: 'garbage', form: 'malformed', events: 1 })
    const watch = open('GET', `${CONFIG_MAPS}?watch=true&resourceVersion=${await version()}`)
    await until('the watch', () => watch.code === 200)
    for (const name of ['a', 'b']) cluster.store.create('configmaps', pod(name))
    await until('three lines', () => watch.text.split('\n').length === 4)
    const [first, second, third] = watch.text.split('\n')
    expect(first).toContain('"name":"a"')
    expect(() => JSON.parse(second ?? '') as unknown).toThrow()
    expect(third).toContain('"name":"b"')
    watch.leave()
  })

  test('is a line without an end for as long as the client reads', async () => {
    plan({ kind: 'garbage', form: 'endless' })
    const watch = open('GET', `${CONFIG_MAPS}?watch=true`)
    await until('four megabytes', () => watch.text.length > 4e6)
    expect(watch.text).not.toContain('\n')
    watch.leave()
  })
})

describe('compaction', () => {
  const from = (resourceVersion: string) =>
    open('GET', `${CONFIG_MAPS}?watch=true&resourceVersion=${resourceVersion}`)

  test('tells a watch by HTTP 410, and older versions stay gone for all', async () => {
    const old = await version()
    cluster.store.create('configmaps', pod('a'))
    plan({ kind: 'compaction', shape: 'http' })
    const first = await ended(from(old))
    expect([first.code, JSON.parse(first.text)]).toMatchObject([410, { reason: 'Expired' }])
    const again = await ended(from(old))
    expect(JSON.parse(again.text)).toMatchObject({ type: 'ERROR', object: { code: 410 } })
    const fresh = from(await version())
    await until('the watch', () => fresh.code === 200)
    cluster.store.create('configmaps', pod('b'))
    await until('its event', () => fresh.text.includes('"name":"b"'))
    fresh.leave()
  })

  test('ends an open watch by an ERROR event after so many events', async () => {
    plan({ kind: 'compaction', shape: 'event', events: 1 })
    const watch = from(await version())
    await until('the watch', () => watch.code === 200)
    for (const name of ['a', 'b']) cluster.store.create('configmaps', pod(name))
    const lines = (await ended(watch)).text.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { type: 'ADDED', object: { metadata: { name: 'a' } } },
      { type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410 } },
    ])
    expect(cluster.faults.injected()[0]?.struckAtUs).toBeGreaterThan(0)
  })

  test('expires a continue token; the one in the answer reads on', async () => {
    for (const name of ['a', 'b', 'c']) cluster.store.create('configmaps', pod(name))
    plan({ kind: 'compaction', shape: 'continue' })
    const page = (token: string) =>
      cluster.request('GET', `${CONFIG_MAPS}?limit=1&continue=${encodeURIComponent(token)}`)
    const first = await cluster.request('GET', `${CONFIG_MAPS}?limit=1`)
    cluster.store.create('configmaps', pod('d'))
    const expired = await page(String(tokenIn(first.body)))
    expect([expired.code, expired.body]).toMatchObject([410, { reason: 'Expired' }])
    const next = await page(String(tokenIn(expired.body)))
    expect([next.code, next.body]).toMatchObject([200, { items: [{ metadata: { name: 'b' } }] }])
  })

  const tokenIn = (body: unknown) => (body as { metadata: { continue?: string } }).metadata.continue
})

test.each([
  ['drop', 'refused', 0],
  ['timeout', 'whole', 504],
] as const)(
  'late apply, seen as %s: the write takes effect afterwards',
  async (seen, end, code) => {
    plan({ kind: 'late', lateMs: 200, seen }, { verbs: ['create'] })
    const answer = await ended(open('POST', CONFIG_MAPS, configMap('late')))
    expect([answer.end, answer.code]).toEqual([end, code])
    const [fault] = cluster.faults.injected()
    if (fault?.appliedAtUs === undefined) expect(exists('late')).toBe(false)
    await until('the write', () => exists('late'))
    expect(cluster.faults.injected()).toMatchObject([{ kind: 'late', verb: 'create', code: 201 }])
    expect((fault?.appliedAtUs ?? 0) - (fault?.atUs ?? 0)).toBeGreaterThanOrEqual(190_000)
  },
)

test('late apply meets the state as it is then: a stale write fails, and nobody hears of it', async () => {
  const created = await cluster.request('POST', CONFIG_MAPS, configMap('a'))
  plan({ kind: 'late', lateMs: 100, seen: 'drop' }, { verbs: ['update'] })
  const { resourceVersion } = created.body.metadata
  const stale = { metadata: { name: 'a', resourceVersion }, data: { a: 'stale' } }
  await ended(open('PUT', `${CONFIG_MAPS}/a`, stale))
  await cluster.request('PUT', `${CONFIG_MAPS}/a`, { metadata: { name: 'a' }, data: { a: 'new' } })
  await until('the late write', () => cluster.faults.injected()[0]?.code === 409)
  const { body } = await cluster.request('GET', `${CONFIG_MAPS}/a`)
  expect(body['data']).toEqual({ a: 'new' })
})

test('the plan of a running lab is changed and read over HTTP', async () => {
  const rules = [{ on: {}, fault: { kind: 'status', status: 500 } }]
  expect((await cluster.request('PUT', '/podtank.lab/faults', { rules: 1 })).code).toBe(400)
  expect((await cluster.request('PUT', '/podtank.lab/faults', { rules })).code).toBe(200)
  expect((await cluster.request('GET', CONFIG_MAPS)).code).toBe(500)
  const { body } = await cluster.request('GET', '/podtank.lab/faults')
  expect(body).toMatchObject({ rules, injected: [{ kind: 'status', verb: 'list' }] })
})
