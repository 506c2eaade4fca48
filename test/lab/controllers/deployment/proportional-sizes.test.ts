import { expect, test } from 'vitest'
import { proportionalSizes } from '../../../../src/lab/controllers/deployment/proportional-sizes.ts'

const member = (name: string, replicas: number, maxReplicas: number, createdAt = '2026-01-01') => ({
  name,
  replicas,
  maxReplicas,
  createdAt,
})

test('scaling from 10 to 15 in mid-rollout shares 5 more in proportion: 8 and 5 become 11 and 7', () => {
  const sizes = proportionalSizes([member('old', 8, 13), member('new', 5, 13)], 15, 18)
  expect(Object.fromEntries(sizes)).toEqual({ old: 11, new: 7 })
})

test('scaling down takes from both, and what rounding leaves from the largest', () => {
  const sizes = proportionalSizes([member('old', 8, 13), member('new', 5, 13)], 4, 5)
  expect(Object.fromEntries(sizes)).toEqual({ old: 3, new: 2 })
})

test('scaling to zero empties all', () => {
  const sizes = proportionalSizes([member('old', 8, 13), member('new', 5, 13)], 0, 0)
  expect(Object.fromEntries(sizes)).toEqual({ old: 0, new: 0 })
})

test('of two equal ones the newer gets what is left when growing', () => {
  const members = [member('a', 2, 4, '2026-01-01'), member('b', 2, 4, '2026-01-02')]
  expect(Object.fromEntries(proportionalSizes(members, 5, 5))).toEqual({ a: 2, b: 3 })
})

test('the sizes always add up to the new total', () => {
  for (let old = 1; old < 9; old += 1) {
    for (let fresh = 1; fresh < 9; fresh += 1) {
      for (let desired = 1; desired < 20; desired += 1) {
        const members = [member('old', old, old + fresh), member('new', fresh, old + fresh)]
        const sizes = proportionalSizes(members, desired, desired + 2)
        expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBe(desired + 2)
      }
    }
  }
})
