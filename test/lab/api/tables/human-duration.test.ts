import { expect, test } from 'vitest'
import { humanDuration } from '../../../../src/lab/api/tables/human-duration.ts'

test.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [200, '3m20s'],
  [600, '10m'],
  [3 * 3600, '3h'],
  [5 * 3600 + 120, '5h2m'],
  [30 * 3600, '30h'],
  [3 * 86400 + 7200, '3d2h'],
  [20 * 86400, '20d'],
  [3 * 365 * 86400, '3y'],
])('%i seconds read %s', (seconds, expected) => {
  expect(humanDuration(seconds * 1000)).toBe(expected)
})
