import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { histogram, mergeSparse, sparseCount, sparseQuantile } from '../../src/base/histogram.ts'

const QUANTILES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1]

/** Times as a run has them: most short, a few thousand times as long, and the thread that measured each. */
const samples = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 60_000_000 }) },
    ),
    fc.nat(7),
  ),
  { minLength: 1, maxLength: 400 },
)

describe('histograms of eight threads', () => {
  it('are, merged, the one histogram of all samples: 1,000 runs', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const whole = histogram()
        const parts = Array.from({ length: 8 }, () => histogram())
        for (const [us, thread] of all) {
          whole.record(us)
          parts[thread]?.record(us)
        }
        const merged = mergeSparse(parts.map((part) => part.toSparse()))
        expect(merged).toEqual(whole.toSparse())
        expect(sparseCount(merged)).toBe(all.length)
        for (const quantile of QUANTILES) {
          expect(sparseQuantile(merged, quantile)).toBe(whole.quantile(quantile))
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('give quantiles within 0.1 % of the sorted samples: 1,000 runs', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const sorted = all.map(([us]) => us).sort((left, right) => left - right)
        const filled = histogram()
        for (const us of sorted) filled.record(us)
        for (const quantile of QUANTILES) {
          const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? NaN
          const off = Math.abs((filled.quantile(quantile) ?? NaN) - exact)
          expect(off).toBeLessThanOrEqual(exact * 0.001)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
