import { describe, expect, it } from 'vitest'
import { headerLine } from '../../src/view/frame/header-line.ts'
import { fittingScale, SCALES_US } from '../../src/view/frame/time-window.ts'
import { EMPTY_VIEW } from '../../src/view/view-state.ts'

const state = { ...EMPTY_VIEW, nowUs: 8_000_000, plannedDurationUs: 1_800_000_000 }
const textOf = (endsWithSteps: boolean) =>
  headerLine({ ...state, endsWithSteps }, 100, false)
    .map(({ text }) => text)
    .join('')

describe('a load that ends with its steps', () => {
  it('has charts as long as it has gone on, not as long as it may', () => {
    const scaleUs = (endsWithSteps: boolean) =>
      SCALES_US[fittingScale({ ...state, endsWithSteps }, 60)]
    expect(scaleUs(true)).toBe(200_000)
    expect(scaleUs(false)).toBe(30_000_000)
  })

  it('has no bar of progress, for nobody knows its length', () => {
    expect(textOf(true)).toContain('8.00 s, at most 30 m')
    expect(textOf(true)).not.toContain('░')
    expect(textOf(false)).toContain('8.00 s of 30 m')
    expect(textOf(false)).toContain('░')
  })
})
