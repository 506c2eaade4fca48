import { describe, expect, it } from 'vitest'
import { NO_KEYS, pressKey } from '../../src/view/view-keys.ts'
import { EMPTY_VIEW } from '../../src/view/view-state.ts'

const pressed = (...keys: string[]) =>
  keys.reduce((before, key) => pressKey(before, key, EMPTY_VIEW), NO_KEYS)

describe('keys of the view', () => {
  it('stop only after a second x', () => {
    expect(pressed('x')).toMatchObject({ isStopAsked: true, isStopping: false })
    expect(pressed('x', 'x')).toMatchObject({ isStopAsked: false, isStopping: true })
  })

  it('take the question back with any other key', () => {
    expect(pressed('x', ' ')).toEqual(NO_KEYS)
    expect(pressed('x', 'f', 'x').isStopping).toBe(false)
  })

  it('ask no more once the run is stopping', () => {
    expect(pressed('x', 'x', 'x')).toMatchObject({ isStopAsked: false, isStopping: true })
  })

  it('freeze the present state and let it go', () => {
    expect(pressed('f').frozen).toBe(EMPTY_VIEW)
    expect(pressed('f', '+').frozen).toBe(EMPTY_VIEW)
    expect(pressed('f', 'f').frozen).toBeUndefined()
  })

  it('move the time scale within its bounds', () => {
    expect(pressed('+', '+', '-').zoom).toBe(1)
    expect(pressed(...Array<string>(20).fill('-')).zoom).toBe(-10)
    expect(pressed('+', '0').zoom).toBe(0)
  })

  it('open and close the help', () => {
    expect(pressed('?').isHelpOpen).toBe(true)
    expect(pressed('?', '?').isHelpOpen).toBe(false)
  })
})
