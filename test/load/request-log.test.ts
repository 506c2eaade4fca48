import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monotonicUs } from '../../src/base/clock.ts'
import type { Exchange } from '../../src/load/engine.ts'
import { prepareRequest } from '../../src/load/prepared-request.ts'
import { requestLine } from '../../src/load/request-log.ts'
import { FAILURE_CLASSES } from '../../src/scenario/failure-class.ts'

const request = prepareRequest(
  { method: 'GET', path: '/buy?q="1"', headers: {}, tag: 'buy', weight: 1, okStatuses: [] },
  'shop.test',
)

const exchange = (changes: Partial<Exchange> = {}): Exchange => ({
  request,
  seq: 41,
  dueAtUs: 1_000_000,
  sentAtUs: 1_000_250,
  firstByteAtUs: 1_003_000,
  endedAtUs: 1_003_400,
  status: 200,
  bytesReceived: 512,
  use: 'new',
  isSingleUse: false,
  servedBefore: 0,
  connectionAgeUs: 0,
  connectUs: 700,
  localPort: 40_000,
  answeredBy: undefined,
  answeredBefore: undefined,
  ...changes,
})

/** The twelve fields of a phout line. */
const phout = (of: Exchange, outcome: Parameters<typeof requestLine>[2], startedAtUs = 0) => {
  const line = requestLine('phout', of, outcome, startedAtUs)
  expect(line.endsWith('\n')).toBe(true)
  return line.slice(0, -1).split('\t')
}

describe("a line of Tank's phout", () => {
  it('has connecting, waiting and receiving apart on a new connection', () => {
    const sizeOut = String(request.wire(false).length)
    expect(phout(exchange(), 'ok').slice(1)).toEqual([
      'buy#41',
      '3150',
      '700',
      '0',
      '2050',
      '400',
      '3150',
      sizeOut,
      '512',
      '0',
      '200',
    ])
  })

  it('has no connecting on a reused one, and none that was over before the request was sent', () => {
    const reused = exchange({
      use: 'reused',
      servedBefore: 3,
      connectUs: 0,
      connectionAgeUs: 9_000,
    })
    expect(phout(reused, 'bad-status').slice(2, 7)).toEqual(['3150', '0', '0', '2750', '400'])
    const idle = exchange({ connectUs: 700, connectionAgeUs: 9_000 })
    expect(phout(idle, 'ok').slice(2, 7)).toEqual(['3150', '0', '0', '2750', '400'])
  })

  it('says where a request without an answer stood, and why it ended', () => {
    const none = { firstByteAtUs: 0, status: 0, bytesReceived: 0 }
    const refused = exchange({ ...none, connectUs: 0 })
    expect(phout(refused, 'refused').slice(2)).toEqual([
      '3150',
      '3150',
      '0',
      '0',
      '0',
      '3150',
      String(request.wire(false).length),
      '0',
      '111',
      '0',
    ])
    expect(phout(exchange(none), 'response-timeout').slice(2, 7)).toEqual([
      '3150',
      '700',
      '0',
      '2450',
      '0',
    ])
  })

  it('is stamped with the second of the sending', () => {
    const before = Date.now()
    const [at = ''] = phout(exchange({ sentAtUs: 0 }), 'ok', monotonicUs())
    expect(at).toMatch(/^\d{10}\.\d{3}$/)
    expect(Math.abs(Number(at) * 1_000 - before)).toBeLessThan(2_000)
    const [later = ''] = phout(exchange({ sentAtUs: 7_000_000 }), 'ok', 5_000_000)
    const [earlier = ''] = phout(exchange({ sentAtUs: 0 }), 'ok', 5_000_000)
    expect(Number(later) - Number(earlier)).toBeCloseTo(7, 6)
  })

  it('keeps its columns whatever the tag, and is empty before # without one', () => {
    const tagged = (tag: string | undefined) =>
      phout(exchange({ request: { ...request, tag, wire: () => Buffer.alloc(3) } }), 'ok')
    expect(tagged('a\tb\nc')[1]).toBe('a b c#41')
    expect(tagged(undefined)[1]).toBe('#41')
    expect(tagged('a\tb')).toHaveLength(12)
  })

  it('adds up: interval_real is the sum of its four parts, none of them negative', () => {
    const us = fc.integer({ min: 0, max: 20_000_000 })
    fc.assert(
      fc.property(
        fc.record({
          sentAtUs: us,
          firstByteAtUs: us,
          endedAtUs: us,
          connectUs: us,
          connectionAgeUs: us,
        }),
        fc.constantFrom('ok' as const, 'bad-body' as const, 'cut-off' as const, ...FAILURE_CLASSES),
        (instants, outcome) => {
          const [, , total, ...parts] = phout(exchange(instants), outcome).map(Number)
          const four = parts.slice(0, 4)
          expect(Math.min(...four)).toBeGreaterThanOrEqual(0)
          expect(four.reduce((sum, part) => sum + part, 0)).toBe(total)
        },
      ),
    )
  })
})

describe('a line of NDJSON', () => {
  it('says the same in our words', () => {
    expect(JSON.parse(requestLine('ndjson', exchange({ answeredBy: 'web-"1"' }), 'ok', 0))).toEqual(
      {
        seq: 41,
        tag: 'buy',
        method: 'GET',
        path: '/buy?q="1"',
        dueAtUs: 1_000_000,
        sentAtUs: 1_000_250,
        firstByteAtUs: 1_003_000,
        endedAtUs: 1_003_400,
        outcome: 'ok',
        status: 200,
        connection: 'new',
        servedBefore: 0,
        connectUs: 700,
        bytesOut: request.wire(false).length,
        bytesIn: 512,
        answeredBy: 'web-"1"',
      },
    )
  })

  it('leaves out what is not there', () => {
    const line = requestLine('ndjson', exchange({ firstByteAtUs: 0, status: 0 }), 'dns', 0)
    const read = JSON.parse(line) as object
    expect(Object.keys(read)).not.toContain('firstByteAtUs')
    expect(read).not.toHaveProperty('status')
    expect(read).toMatchObject({ outcome: 'dns' })
  })
})
