import { describe, expect, it } from 'vitest'
import { stepRows } from '../../../src/report/html/timeline/step-rows.ts'

const span = (fromUs: number, toUs: number) =>
  ({ label: 'wait', fromUs, toUs, disruptive: false, state: 'done' }) as const

describe('the rows of steps in a report', () => {
  it('hold spans that follow each other in one, and those at the same time apart', () => {
    const rows = stepRows([span(0, 5), span(2, 3), span(5, 6), span(3, 4)])
    expect(rows.map((row) => row.map(({ fromUs }) => fromUs))).toEqual([
      [0, 5],
      [2, 3],
    ])
    expect(stepRows([])).toEqual([[]])
  })
})
