import { describe, expect, test } from 'vitest'
import { createAfterMs, indexRanges } from '../../../../src/lab/controllers/job/job-tally.ts'

const failed = (atMs: number) => ({ succeeded: false, atMs })

describe('the back-off of a Job', () => {
  test.each([
    ['nothing failed', [], 0],
    ['one failure', [failed(1000)], 11_000],
    ['three failures', [failed(0), failed(1000), failed(2000)], 42_000],
    ['a failure after a success', [failed(0), { succeeded: true, atMs: 5 }, failed(10)], 10_010],
    ['very many failures', Array.from({ length: 20 }, () => failed(0)), 600_000],
  ])('%s', (_what, ends, expected) => {
    expect(createAfterMs(ends)).toBe(expected)
  })
})

test('indexes are written as ranges', () => {
  expect(indexRanges([0, 1, 2, 5, 7, 8])).toBe('0-2,5,7-8')
  expect(indexRanges([])).toBe('')
})
