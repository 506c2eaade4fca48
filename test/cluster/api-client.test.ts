import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accessQuestion } from '../../src/cluster/api/access-question.ts'
import { redact } from '../../src/cluster/api/redact.ts'
import { TokenBucket } from '../../src/cluster/api/token-bucket.ts'
import { type ApiCall, type ApiClient, apiClient } from '../../src/cluster/api-client.ts'
import { apiProblem } from '../../src/cluster/connect.ts'
import { fakeApi, type FakeApi, send } from './connect/fake-api.ts'

let api: FakeApi
let client: ApiClient

const free = () => new TokenBucket({ perSecond: 1e6, burst: 1e6 })
const path = '/api/v1/namespaces/shop/pods'
const get: ApiCall = { method: 'GET', path }
const patch: ApiCall = { method: 'PATCH', path, body: {} }

beforeEach(async () => {
  api = await fakeApi({ isTls: false })
  client = apiClient(`http://127.0.0.1:${api.port}`, () => Promise.resolve(), {
    bucket: free(),
    chance: () => 0,
    secrets: () => ['planted-known'],
  })
})

afterEach(() => api.close())

/** Answers the first calls so, and the rest with 200. */
function first(
  count: number,
  status: number,
  headers: Record<string, string> = {},
  object: unknown = {},
) {
  api.answer = (_call, response) =>
    api.seen.length <= count
      ? send(response, status, object, headers)
      : send(response, 200, { done: true })
}

describe('an API call', () => {
  it.each([
    ['GET', '429', get, 429, {}],
    ['GET', '500', get, 500, {}],
    ['GET', '503', get, 503, {}],
    ['GET', '503 with Retry-After', get, 503, { 'retry-after': '0' }],
    ['PATCH', '429 with Retry-After', patch, 429, { 'retry-after': '0' }],
  ])('%s is sent again after %s', async (_verb, _status, call, status, headers) => {
    first(2, status, headers)
    expect(await client.call(call)).toEqual({ ok: true, value: { done: true } })
    expect(api.seen.length).toBe(3)
  })

  it.each([
    ['500', 500, {}],
    // It may have been carried out.
    ['503 with Retry-After', 503, { 'retry-after': '0' }],
    ['429 without Retry-After', 429, {}],
    ['409', 409, {}],
  ])('that changes something is not sent again after %s', async (_what, status, headers) => {
    first(1, status, headers)
    expect(await client.call(patch)).toMatchObject({ ok: false, error: { status } })
    expect(api.seen.length).toBe(1)
  })

  it('that changes something is, when its caller says that it can do no harm', async () => {
    first(1, 500)
    expect((await client.call({ ...patch, isRepeatable: true })).ok).toBe(true)
  })

  it('waits as long as Retry-After says, not less', async () => {
    first(1, 429, { 'retry-after': '1' })
    const startedMs = performance.now()
    expect((await client.call(get)).ok).toBe(true)
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(999)
  })

  it('gives up at once when Retry-After is later than its deadline', async () => {
    first(1, 429, { 'retry-after': '50' })
    const result = await client.call({ ...get, deadlineMs: 2_000 })
    expect(result).toMatchObject({ ok: false, error: { status: 429, retryAfterMs: 50_000 } })
    expect(api.seen.length).toBe(1)
  })

  it('that a disruption budget refuses is not sent again: it is an answer', async () => {
    const details = { causes: [{ reason: 'DisruptionBudget' }], retryAfterSeconds: 0 }
    first(1, 429, { 'retry-after': '0' }, { reason: 'TooManyRequests', details })
    const result = await client.call({ method: 'POST', path: `${path}/web/eviction`, body: {} })
    expect(result).toMatchObject({ ok: false, error: { status: 429, isBudget: true } })
    expect(api.seen.length).toBe(1)
  })

  it('is sent eleven times at most', async () => {
    first(Infinity, 503, { 'retry-after': '0' })
    expect((await client.call(get)).ok).toBe(false)
    expect(api.seen.length).toBe(11)
  })

  it('GET survives a broken connection, and PATCH tells it', async () => {
    api.answer = (_call, response) =>
      api.seen.length % 2 === 1 ? response.socket?.destroy() : send(response, 200, {})
    expect((await client.call(get)).ok).toBe(true)
    expect(await client.call(patch)).toMatchObject({ ok: false, error: { reason: 'ECONNRESET' } })
  })

  it('to a server that does not answer ends at its deadline', async () => {
    api.answer = () => undefined
    const startedMs = performance.now()
    const result = await client.call({ ...get, deadlineMs: 300 })
    expect(result).toMatchObject({ ok: false, error: { reason: 'timeout' } })
    expect(performance.now() - startedMs).toBeLessThan(2_000)
  })

  it('to a server that begins to answer and then stops ends at its deadline', async () => {
    api.answer = (_call, response) => {
      response.writeHead(200)
      response.write('{"items":[')
    }
    const result = await client.call({ ...get, deadlineMs: 300 })
    expect(result).toMatchObject({ ok: false, error: { reason: 'timeout' } })
  })

  it('ends when its caller wants no more, also while it waits for the next try', async () => {
    const stop = new AbortController()
    first(Infinity, 429, { 'retry-after': '20' })
    const calling = client.call({ ...get, signal: stop.signal })
    await expect.poll(() => api.seen.length).toBe(1)
    stop.abort()
    expect((await calling).ok).toBe(false)
  })

  it('reaches a server that was away for a moment', async () => {
    const { port } = api
    await api.close()
    const calling = client.call(patch)
    const back = createServer((socket) => {
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'))
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await new Promise<void>((resolve) => back.listen(port, '127.0.0.1', resolve))
    expect((await calling).ok).toBe(true)
    await new Promise((resolve) => back.close(resolve))
    api = await fakeApi({ isTls: false })
  })

  it('does not follow a redirect', async () => {
    first(1, 302, { location: 'http://127.0.0.1:1/elsewhere' })
    expect(await client.call(get)).toMatchObject({ ok: false, error: { status: 302 } })
    expect(api.seen.length).toBe(1)
  })
})

describe('the pace of calls', () => {
  it('is a burst and then so many a second, in the order of asking', async () => {
    let nowMs = 0
    const waits: number[] = []
    const bucket = new TokenBucket({
      perSecond: 5,
      burst: 10,
      nowMs: () => nowMs,
      wait: (ms) => {
        waits.push(ms)
        return Promise.resolve()
      },
    })
    const signal = new AbortController().signal
    for (let n = 0; n < 13; n++) await bucket.take(signal)
    expect(waits).toEqual([200, 400, 600])
    nowMs = 10_000
    for (let n = 0; n < 10; n++) await bucket.take(signal)
    expect(waits.length).toBe(3)
  })

  it('is kept by the client', async () => {
    const paced = apiClient(`http://127.0.0.1:${api.port}`, () => Promise.resolve(), {
      bucket: new TokenBucket({ perSecond: 20, burst: 5 }),
    })
    const startedMs = performance.now()
    await Promise.all(Array.from({ length: 15 }, () => paced.call(get)))
    // Ten more than the burst, at 20 a second.
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(490)
  })
})

describe('an API error', () => {
  it('names the call and what to ask kubectl', async () => {
    first(Infinity, 403, {}, { reason: 'Forbidden', message: 'pods is forbidden' })
    const result = await client.call(get)
    if (result.ok) throw new Error('it was answered')
    expect(apiProblem(result.error, 'listing pods')).toEqual({
      code: 'forbidden',
      message: `listing pods: GET ${path} was answered with Forbidden: pods is forbidden`,
      hint: 'the current user lacks the permission for this call: see kubectl auth can-i list pods -n shop',
    })
  })

  it.each([
    ['GET', '/apis/apps/v1/namespaces/shop/deployments/web', false, 'get deployments -n shop'],
    [
      'PATCH',
      '/apis/apps/v1/namespaces/shop/deployments/web/scale',
      false,
      'patch deployments/scale -n shop',
    ],
    ['POST', '/api/v1/namespaces/shop/pods/web-1/eviction', false, 'create pods/eviction -n shop'],
    ['GET', '/api/v1/nodes', true, 'watch nodes'],
    ['GET', '/api/v1/namespaces/shop', false, 'get namespaces'],
    ['DELETE', '/api/v1/namespaces/shop/pods/web-1', false, 'delete pods -n shop'],
  ])('%s %s asks for the right thing', (method, at, isWatch, question) => {
    expect(accessQuestion(method, at, isWatch)).toBe(`kubectl auth can-i ${question}`)
  })

  it('holds no header, no body that is no Status, and no secret', async () => {
    const bodies = [
      '<html>planted-html</html>',
      '{"kind":"Secret","data":{"password":"planted-body"}}',
      '{"kind":"Status","message":"cannot use planted-known here"}',
      '{"kind":"Status","message":"Authorization: Bearer planted-bearer"}',
      '{"kind":"Status","message":"dial https://anna:planted-pw@host failed, token=planted-query"}',
      '{"kind":"Status","reason":"planted-known","message":"eyJhbGciOi.plantedjwt.plantedsig"}',
    ]
    for (const status of [400, 401, 403, 404, 409, 422, 302])
      for (const body of bodies) {
        api.answer = (_call, response) => {
          response.writeHead(status, {
            'set-cookie': 'session=planted-cookie',
            'www-authenticate': 'Bearer planted-challenge',
          })
          response.end(body)
        }
        const result = await client.call({ ...patch, body: { secret: 'planted-sent' } })
        if (result.ok) throw new Error('it was answered')
        const told = JSON.stringify([result.error, apiProblem(result.error, 'patching')])
        expect(told).not.toMatch(/planted/)
        expect(told).toContain(`PATCH ${path}`)
      }
  })

  it('of a text that moves the cursor is harmless', async () => {
    first(Infinity, 404, {}, { message: 'gone\u001b]52;c;x\u0007\n::error::x' })
    const result = await client.call(get)
    if (result.ok) throw new Error('it was answered')
    // eslint-disable-next-line no-control-regex
    expect(result.error.message).not.toMatch(/[\u0000-\u001f]/)
  })

  it('of a server’s URL with a password does not show it', () => {
    const named = apiClient('https://anna:planted@host:6443/k8s/', () => Promise.resolve())
    expect(named.server).toBe('https://host:6443/k8s')
  })
})

describe('redacting', () => {
  it.each([
    ['Authorization: Bearer abc.def', 'Authorization: *** ***'],
    ['-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----', '***'],
    ['deployments.apps "web" not found', 'deployments.apps "web" not found'],
    ['https://u:p@host/path', 'https://***@host/path'],
    ['{"password":"hunter2","user":"anna"}', '{"password":"***","user":"anna"}'],
  ])('makes %j %j', (text, expected) => {
    expect(redact(text, [])).toBe(expected)
  })
})

describe('a stream', () => {
  it('that is not begun in time is given up', async () => {
    const blackHole = createServer(() => undefined)
    await new Promise<void>((resolve) => blackHole.listen(0, '127.0.0.1', resolve))
    const port = (blackHole.address() as AddressInfo).port
    const stop = AbortSignal.timeout(200)
    const lost = apiClient(`http://127.0.0.1:${port}`, () => Promise.resolve())
    expect(await lost.open(get, stop)).toMatchObject({ ok: false, error: { reason: 'timeout' } })
    blackHole.close()
  })
})
