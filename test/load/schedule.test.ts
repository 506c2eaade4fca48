import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { schedule } from '../../src/load/schedule.ts'
import { readSchedule } from '../../src/scenario/read-schedule.ts'
import type { SchedulePart } from '../../src/scenario/scenario.ts'

const read = (text: string) => {
  const parts = readSchedule(text)
  if (!Array.isArray(parts)) throw new Error(parts.message)
  return schedule(parts)
}

const dueTimes = (text: string) => {
  const made = read(text)
  return Array.from({ length: made.count }, (_, seq) => made.dueAtUs(seq))
}

const duration = fc.integer({ min: 1, max: 30_000 }).map((ms) => ms * 1_000)
const rate = fc.integer({ min: 0, max: 4_000 }).map((tenths) => tenths / 10)
const part: fc.Arbitrary<SchedulePart> = fc.oneof(
  fc.record({ word: fc.constant('const' as const), ratePerSecond: rate, durationUs: duration }),
  fc.record({
    word: fc.constant('line' as const),
    fromPerSecond: rate,
    toPerSecond: rate,
    durationUs: duration,
  }),
  fc.record({
    word: fc.constant('once' as const),
    requests: fc.integer({ min: 1, max: 50 }),
    durationUs: fc.constant(0 as const),
  }),
)

describe('a schedule', () => {
  it('sends const evenly, the first request at once', () => {
    expect(dueTimes('const(4,1s)')).toEqual([0, 250_000, 500_000, 750_000])
  })

  it('sends line at the roots of its integral', () => {
    // 1/s² · t²/2 = n: t = √(2n)
    expect(dueTimes('line(0,4,4s)')).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => Math.floor(Math.sqrt(2 * n) * 1e6)),
    )
  })

  it('counts as Tank does: ⌊rate·time⌋ and ⌊(from+to)/2·time⌋', () => {
    expect(read('const(100,40s)').count).toBe(4_000)
    expect(read('line(1,100,10s)').count).toBe(505)
    expect(read('const(0.1,30s)').count).toBe(3)
    expect(read('const(2.5,1s)').count).toBe(2)
    expect(read('step(10,50,10,5s)').count).toBe((10 + 20 + 30 + 40 + 50) * 5)
    expect(read('step(10,45,10,1s)').count).toBe(10 + 20 + 30 + 40 + 45)
    expect(read('step(30,10,10,1s)').count).toBe(60)
    expect(read('const(0,10s) const(10,1s)').count).toBe(10)
  })

  it('sends once all at one instant', () => {
    expect(dueTimes('const(1,2s) once(3) const(2,1s)')).toEqual([
      0, 1_000_000, 2_000_000, 2_000_000, 2_000_000, 2_000_000, 2_500_000,
    ])
    expect(read('once(7)')).toMatchObject({ count: 7, durationUs: 0 })
  })

  it.each([
    ['const(10,0.5s)', 5],
    ['const(10,250ms)', 2],
    ['const(1,1h2m3s)', 3_723],
    ['const(2,1.5m)', 180],
    ['const(1000,2500us)', 2],
    ['line(0.5,1.5,4s)', 4],
    ['const(0.3,10s)', 3],
    ['step(0.1,0.3,0.1,10s)', 1 + 2 + 3],
    ['const(0.1,1s) const(0.7,10s)', 7],
  ])('reads decimals and every unit: %s has %i requests', (text, count) => {
    expect(read(text).count).toBe(count)
  })

  it('counts to the request, as computed in whole numbers from the text', () => {
    const decimal = fc
      .tuple(fc.nat(3_000), fc.nat(999_999))
      .map(([whole, millionths]) => `${whole}.${String(millionths).padStart(6, '0')}`)
    const millionths = (text: string) => BigInt(text.replace('.', ''))
    fc.assert(
      fc.property(decimal, decimal, fc.integer({ min: 1, max: 10_000_000 }), (from, to, ms) => {
        const us = BigInt(ms) * 1_000n
        expect(BigInt(read(`const(${from},${ms}ms)`).count)).toBe(
          (millionths(from) * us) / 10n ** 12n,
        )
        expect(BigInt(read(`line(${from},${to},${ms}ms)`).count)).toBe(
          ((millionths(from) + millionths(to)) * us) / (2n * 10n ** 12n),
        )
      }),
      { numRuns: 1_000 },
    )
  })

  it('has every request of a const part due within 1 µs of its exact instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.nat(), (thousandths, some) => {
        const made = read(`const(${thousandths / 1_000},1h)`)
        const seq = made.count === 0 ? 0 : some % made.count
        const exact = Number((BigInt(seq) * 10n ** 9n) / BigInt(thousandths))
        if (made.count > 0) expect(Math.abs(made.dueAtUs(seq) - exact)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('still finds an instant among more requests than 32 bits count', () => {
    const made = read('const(10000000,10m) const(1,1s)')
    expect(made.count).toBe(6_000_000_001)
    expect(made.dueCount(599_999_999)).toBe(6_000_000_000)
    expect(made.dueCount(600_000_000)).toBe(6_000_000_001)
  })

  it('pauses for const(0,…)', () => {
    expect(dueTimes('const(0,10s) const(2,1s)')).toEqual([10_000_000, 10_500_000])
  })

  it('never goes back in time, stays within its length, and plans the exact number', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const made = schedule(parts)
        const expected = parts.reduce((sum, one) => {
          if (one.word === 'once') return sum + one.requests
          const mean =
            one.word === 'const' ? one.ratePerSecond : (one.fromPerSecond + one.toPerSecond) / 2
          return sum + Math.floor((mean * one.durationUs) / 1e6 + 1e-9)
        }, 0)
        expect(made.count).toBe(expected)
        let before = 0
        for (let seq = 0; seq < made.count; seq += Math.max(1, Math.floor(made.count / 200))) {
          const at = made.dueAtUs(seq)
          expect(at).toBeGreaterThanOrEqual(before)
          expect(at).toBeLessThanOrEqual(made.durationUs)
          before = at
        }
        expect(made.dueAtUs(made.count)).toBe(Infinity)
      }),
      { numRuns: 300 },
    )
  })

  it('knows how many are due at any instant', () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.nat(40_000_000),
        (parts, elapsedUs) => {
          const made = schedule(parts)
          const due = made.dueCount(elapsedUs)
          if (due > 0) expect(made.dueAtUs(due - 1)).toBeLessThanOrEqual(elapsedUs)
          if (due < made.count) expect(made.dueAtUs(due)).toBeGreaterThan(elapsedUs)
        },
      ),
    )
  })
})

describe('the text of a schedule', () => {
  it.each([
    ['cosnt(1,1s)', 'there are const, line, step and once'],
    ['toString(1,1s)', '"toString" is not a schedule word'],
    ['once(0)', 'not a number of requests from 1'],
    ['once(1.5)', 'not a number of requests from 1'],
    ['once(1,1s)', 'takes 1 arguments, here are 2'],
    ['const(0.1234567,1s)', 'at most 6 decimals'],
    ['step(0,10000,0.5,1s)', 'more than 10000 parts'],
    ['const(1,1s', 'expected const(rate,time)'],
    ['const(1)', 'takes 2 arguments, here are 1'],
    ['const(1,40)', 'not a duration above 0 with a unit'],
    ['line(1,x,40s)', '"x" is not a rate'],
    ['const(1,1s) garbage', 'expected const(rate,time)'],
    ['step(1,10,0,1s)', 'increment above 0'],
    ['', 'empty'],
  ])('%s is refused', (text, message) => {
    const parts = readSchedule(text)
    expect(Array.isArray(parts) ? '' : parts.message).toContain(message)
  })

  it('says where it is wrong', () => {
    expect(readSchedule('const(1,1s) lne(1,2,3s)')).toMatchObject({ offset: 12, length: 11 })
  })
})
