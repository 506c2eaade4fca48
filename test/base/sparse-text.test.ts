import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { histogram } from '../../src/base/histogram.ts'
import { isSparseText, sparseFromText, sparseToText } from '../../src/base/sparse-text.ts'

const us = fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 2 ** 31 }))

describe('a histogram as text', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(us, { maxLength: 300 }), (values) => {
        const times = histogram()
        for (const value of values) times.record(value)
        const sparse = times.toSparse()
        const text = sparseToText(sparse)
        expect(isSparseText(text)).toBe(true)
        expect(sparseFromText(text)).toEqual(sparse)
      }),
    )
  })

  it('holds counts of any size', () => {
    const sparse = [0, 1, 31, 32, 33, 2 ** 40, 30_000, Number.MAX_SAFE_INTEGER]
    expect(sparseFromText(sparseToText(sparse))).toEqual(sparse)
  })

  it('is short: two to three characters a number', () => {
    expect(sparseToText([])).toBe('')
    expect(sparseToText([5, 3, 6, 40])).toBe('FDBoB')
  })

  it.each(['A!', 'ü', 'g', 'AAz', ' '])('%j is none', (text) => {
    expect(isSparseText(text)).toBe(false)
  })
})
