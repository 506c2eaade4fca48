import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bucketIndex,
  bucketValue,
  histogram,
  mergeSparse,
  sparseQuantile,
} from '../../src/base/histogram.ts'

const values = fc.array(fc.integer({ min: 0, max: 10_000_000_000 }), {
  minLength: 1,
  maxLength: 500,
})

describe('a histogram', () => {
  it('puts every value within 0.05 % of its bucket’s middle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 41 }), (value) => {
        expect(Math.abs(bucketValue(bucketIndex(value)) - value)).toBeLessThanOrEqual(
          value * 0.0005,
        )
      }),
    )
  })

  it('is exact below 2,048', () => {
    for (let value = 0; value < 2_048; value++) expect(bucketValue(bucketIndex(value))).toBe(value)
  })

  it('orders buckets as it orders values', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 41 }),
        fc.integer({ min: 0, max: 2 ** 20 }),
        (low, more) => {
          expect(bucketIndex(low + more)).toBeGreaterThanOrEqual(bucketIndex(low))
        },
      ),
    )
  })

  it('gives the quantile by its definition: the smallest value with that share at or below it', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.001, max: 1, noNaN: true }), (samples, quantile) => {
        const filled = histogram()
        for (const sample of samples) filled.record(sample)
        const sorted = samples.toSorted((left, right) => left - right)
        const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0
        expect(Math.abs((filled.quantile(quantile) ?? NaN) - exact)).toBeLessThanOrEqual(
          exact * 0.001,
        )
      }),
    )
  })

  it('loses nothing when parts are merged', () => {
    fc.assert(
      fc.property(values, values, (left, right) => {
        const whole = histogram()
        const parts = [left, right].map((samples) => {
          const part = histogram()
          for (const sample of samples) {
            part.record(sample)
            whole.record(sample)
          }
          return part.toSparse()
        })
        expect(mergeSparse(parts)).toEqual(whole.toSparse())
        expect(sparseQuantile(mergeSparse(parts), 0.99)).toBe(whole.quantile(0.99))
      }),
    )
  })

  it('is empty after it was drained, and gives what it held', () => {
    const drained = histogram()
    drained.record(5)
    drained.record(5)
    drained.record(70_000)
    expect(drained.drain()).toEqual([5, 2, bucketIndex(70_000), 1])
    expect(drained.count).toBe(0)
    expect(drained.quantile(0.5)).toBeUndefined()
    expect(drained.drain()).toEqual([])
  })
})
