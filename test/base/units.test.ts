import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatDurationUs,
  humanCount,
  humanShare,
  humanUs,
  parseDurationUs,
} from '../../src/base/units.ts'

describe('durations', () => {
  it.each([
    ['250ms', 250_000],
    ['0.5s', 500_000],
    ['1.5m', 90_000_000],
    ['1h2m3s', 3_723_000_000],
    ['40s', 40_000_000],
    ['1us', 1],
  ])('reads %s as %i µs', (text, us) => {
    expect(parseDurationUs(text)).toBe(us)
  })

  it.each(['5', '', 's', '5 s', '-1s', '1e3s', '5sec', '1,5s'])('does not read "%s"', (text) => {
    expect(parseDurationUs(text)).toBeUndefined()
  })

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 13 }), (us) => {
        expect(parseDurationUs(formatDurationUs(us))).toBe(us)
      }),
    )
  })
})

describe('figures for people', () => {
  it('keep three digits', () => {
    expect([350, 1_250, 12_040, 301_000, 12_000_000].map(humanUs)).toEqual([
      '350 µs',
      '1.25 ms',
      '12.0 ms',
      '301 ms',
      '12.0 s',
    ])
  })

  it('never round a failure away', () => {
    expect(humanShare(1, 10_000_000)).toBe('<0.001 %')
    expect(humanShare(47, 60_000)).toBe('0.0783 %')
    expect(humanShare(0, 10)).toBe('0 %')
  })

  it('group thousands', () => {
    expect([0, 999, 1_000, 1_234_567].map(humanCount)).toEqual(['0', '999', '1,000', '1,234,567'])
  })
})
