import { expect, it } from 'vitest'
import { behaviours } from './behaviours.ts'
import { checkEngine } from './check-engine.ts'

it('There are more than forty behaviours, each with a name of its own', () => {
  expect(behaviours.length).toBeGreaterThan(40)
  expect(new Set(behaviours.map(({ name }) => name)).size).toBe(behaviours.length)
})

checkEngine('raw', { timesEach: 100, eachPerSecond: 40 })
