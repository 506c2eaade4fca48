import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLimits } from '../../src/load/check-limits.ts'
import { mostDue } from '../../src/load/host/most-due.ts'
import { schedule } from '../../src/load/schedule.ts'
import { readSchedule } from '../../src/scenario/read-schedule.ts'
import type { LoadSpec } from '../../src/scenario/scenario.ts'
import { planLoad } from './run-load.ts'

const parts = (text: string) => {
  const read = readSchedule(text)
  if (!Array.isArray(read)) throw new Error(JSON.stringify(read))
  return read
}
const loadOf = (text: string, more: Partial<LoadSpec> = {}): LoadSpec => ({
  ...planLoad({ port: 1 }).load,
  schedule: parts(text),
  ...more,
})
const codes = (load: LoadSpec, limits: Parameters<typeof checkLimits>[1]) => {
  const { refused, warned } = checkLimits(load, limits)
  return { refused: refused.map(({ code }) => code), warned: warned.map(({ code }) => code) }
}
const none = { refused: [], warned: [] }

describe('the most requests due within a span', () => {
  it.each([
    ['const(100,10s)', 1, 100],
    ['const(100,10s)', 60, 1_000],
    ['line(0,100,10s) line(100,0,10s)', 2, 190],
    ['const(10,10s) once(500) const(10,10s)', 1, 510],
  ])('of %s within %i s is %i', (text, seconds, most) => {
    expect(mostDue(parts(text), seconds * 1e6)).toBeCloseTo(most, 0)
  })

  it('is never below what the schedule has in any span', () => {
    const part = fc.oneof(
      fc.record({ rate: fc.integer({ min: 1, max: 50 }) }).map(({ rate }) => `const(${rate},4s)`),
      fc.tuple(fc.nat(50), fc.nat(50)).map(([from, to]) => `line(${from},${to},4s)`),
    )
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.nat(16_000_000),
        (words, startUs) => {
          const text = words.join(' ')
          const planned = schedule(parts(text))
          const inSpan = planned.dueCount(startUs + 2_000_000) - planned.dueCount(startUs)
          // The area is exact to one request at either end, and the 500 tried instants to 1 %.
          expect(mostDue(parts(text), 2_000_000) * 1.01 + 2).toBeGreaterThanOrEqual(inSpan)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('limits', () => {
  it('of descriptors count what may be open when nothing is answered, and 64 more', () => {
    const load = loadOf('const(100,10s)', { timeoutUs: 2_000_000 })
    expect(codes(load, { fdLimit: 264 })).toEqual({ refused: ['too-few-descriptors'], warned: [] })
    expect(codes(load, { fdLimit: 265 })).toEqual(none)
    expect(checkLimits(load, { fdLimit: 100 }).refused[0]?.hint).toContain('ulimit -n 265')
  })

  it('of descriptors hold no more connections than there may be, nor than there are users', () => {
    expect(codes(loadOf('const(1000,10s)', { maxConnections: 20 }), { fdLimit: 85 })).toEqual(none)
    const users = [{ fromUsers: 1, toUsers: 30, durationUs: 1e6 }]
    expect(codes(loadOf('const(9000,9s)', { users }), { fdLimit: 95 })).toEqual(none)
    expect(codes(loadOf('const(9000,9s)', { users }), { fdLimit: 94 }).refused).toHaveLength(1)
  })

  it.each([
    ['reuse', 1_000, 'none'],
    ['new', 590, 'none'],
    ['new', 610, 'warned'],
    ['new', 890, 'warned'],
    ['new', 910, 'refused'],
    ['both', 1_190, 'none'],
    ['both', 1_820, 'refused'],
  ] as const)('of 1,000 ports with %s connections at %i/s: %s', (connections, rate, expected) => {
    const load = loadOf(`const(${rate},10s)`, { connections })
    const found = codes(load, { ports: { count: 1_000, heldUs: 1_000_000 } })
    expect(found.warned).toEqual(expected === 'warned' ? ['too-few-ports'] : [])
    expect(found.refused).toEqual(expected === 'refused' ? ['too-few-ports'] : [])
  })

  it('of ports count connections that are closed after so many requests', () => {
    const load = loadOf('const(1830,10s)', { maxRequestsPerConnection: 2 })
    expect(codes(load, { ports: { count: 1_000, heldUs: 1_000_000 } }).refused).toEqual([
      'too-few-ports',
    ])
  })

  it('that nobody can read refuse nothing', () => {
    expect(codes(loadOf('const(100000,1h)', { connections: 'new' }), {})).toEqual(none)
  })
})
