import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRequestSource } from '../../../src/load/source/create-request-source.ts'
import type { LoadSpec, RequestSpec } from '../../../src/scenario/scenario.ts'
import { fileOf, loadOf, shown } from './take-all.ts'

const request = (change: Partial<RequestSpec>): RequestSpec => ({
  method: 'GET',
  path: '/',
  headers: {},
  weight: 1,
  okStatuses: [],
  ...change,
})

const sourceOf = (load: Partial<LoadSpec>, share = { index: 0, count: 1 }, seed = 1) =>
  createRequestSource(loadOf(load), { hostHeader: 'shop.test', share, seed })

const requestAt = (source: ReturnType<typeof sourceOf>, seq: number) => {
  const next = source.next(seq)
  if (typeof next === 'string') throw new Error(next)
  return next
}

const weighted = (...weights: readonly number[]) =>
  weights.map((weight, at) => request({ path: `/${at}`, weight }))

describe('a list of requests', () => {
  it('sends each as often as its weight, spread evenly', () => {
    const source = sourceOf({ requests: weighted(5, 1, 1) })
    expect(Array.from({ length: 7 }, (_, seq) => requestAt(source, seq).path).join('')).toBe(
      '/0/0/1/0/2/0/0',
    )
  })

  it('gives the same object every time, so that nothing is made in the hot path', () => {
    const source = sourceOf({ requests: weighted(1) })
    expect(requestAt(source, 0)).toBe(requestAt(source, 1))
    expect(requestAt(source, 0).wire(false)).toBe(requestAt(source, 5).wire(false))
  })

  it('pairs new and reused connections on every thread: each kind of request goes over both', () => {
    for (const count of [1, 2, 3]) {
      const seen = new Map<string, number>()
      for (let index = 0; index < count; index++) {
        const source = sourceOf({ connections: 'both', requests: weighted(1, 2) }, { index, count })
        for (let local = 0; local < 60; local++) {
          const key = `${requestAt(source, local * count + index).path} ${local % 2}`
          seen.set(key, (seen.get(key) ?? 0) + 1)
        }
      }
      expect(Object.fromEntries(seen)).toEqual({
        '/0 0': 10 * count,
        '/0 1': 10 * count,
        '/1 0': 20 * count,
        '/1 1': 20 * count,
      })
    }
  })

  it('keeps the weights over all threads, whatever their number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 6 }),
        (weights, count) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0)
          const seen = weights.map(() => 0)
          for (let index = 0; index < count; index++) {
            const source = sourceOf({ requests: weighted(...weights) }, { index, count })
            for (let seq = index; seq < total * 2; seq += count) {
              const at = Number(requestAt(source, seq).path.slice(1))
              seen[at] = (seen[at] ?? 0) + 1
            }
          }
          expect(seen).toEqual(weights.map((weight) => weight * 2))
        },
      ),
    )
  })

  it('checks answers as its expectation says', () => {
    const source = sourceOf({
      requests: [request({ okBody: { contains: ['yes'], not: [], json: [] } })],
    })
    expect(requestAt(source, 0).check?.judge('', Buffer.from('no'))).toBe('bad-body')
  })
})

describe('a variable', () => {
  const csvPath = fileOf('id,name\r\n1,"a ""b"", c"\n2,"\u00fc\r\nX: y"\n')

  it('is filled in path, headers and body', () => {
    const source = sourceOf({
      csvPath,
      headers: { 'X-Common': '{{seq}}' },
      requests: [
        request({
          method: 'POST',
          path: '/{{seq}}/{{csv.id}}?n={{csv.name}}',
          headers: { 'X-Name': 'n={{csv.name}}' },
          body: '{"name":"{{csv.name}}","seq":{{seq}}}',
          tag: 't',
        }),
      ],
    })
    const first = requestAt(source, 0)
    expect(shown(first)).toBe('POST /0/1?n=a%20"b",%20c t')
    expect(first.wire(false).toString('latin1')).toBe(
      'POST /0/1?n=a%20"b",%20c HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: podtank\r\nAccept: */*\r\nX-Name: n=a "b", c\r\nX-Common: 0\r\nContent-Length: 27\r\n\r\n{"name":"a "b", c","seq":0}',
    )
  })

  it('never breaks a line of the request, whatever the file holds', () => {
    const source = sourceOf({
      csvPath,
      requests: [request({ path: '/{{csv.name}}', headers: { 'X-Name': '{{csv.name}}' } })],
    })
    expect(requestAt(source, 1).wire(false).toString('latin1').split('\r\n')).toEqual([
      'GET /%C3%BC%0D%0AX:%20y HTTP/1.1',
      'Host: shop.test',
      'User-Agent: podtank',
      'Accept: */*',
      'X-Name: \u00c3\u00bc X: y',
      '',
      '',
    ])
  })

  it('is the same for the same seed and number, whichever thread asks', () => {
    const requests = [request({ path: '/{{uuid}}/{{random}}/{{random(3,4)}}' })]
    const whole = sourceOf({ requests })
    const half = sourceOf({ requests }, { index: 1, count: 2 })
    requestAt(whole, 3)
    expect(requestAt(whole, 7).path).toBe(requestAt(half, 7).path)
    expect(requestAt(sourceOf({ requests }, { index: 0, count: 1 }, 2), 7).path).not.toBe(
      requestAt(half, 7).path,
    )
  })

  it('uuid is of version 4 and never the same', () => {
    const source = sourceOf({ requests: [request({ path: '/{{uuid}}{{uuid}}' })] })
    const all = Array.from({ length: 20_000 }, (_, seq) => requestAt(source, seq).path.slice(1))
    const uuids = all.flatMap((two) => [two.slice(0, 36), two.slice(36)])
    expect(new Set(uuids).size).toBe(40_000)
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    expect(uuids.filter((uuid) => !form.test(uuid))).toEqual([])
  })

  it('random is even over its range, both ends included', () => {
    const source = sourceOf({ requests: [request({ path: '/{{random(1,6)}}' })] })
    const seen = new Map<string, number>()
    for (let seq = 0; seq < 60_000; seq++) {
      const { path } = requestAt(source, seq)
      seen.set(path, (seen.get(path) ?? 0) + 1)
    }
    expect([...seen.keys()].sort()).toEqual(['/1', '/2', '/3', '/4', '/5', '/6'])
    for (const count of seen.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })
})
