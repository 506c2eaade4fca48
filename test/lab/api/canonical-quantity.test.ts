import { expect, test } from 'vitest'
import { canonicalQuantity } from '../../../src/lab/api/canonical-quantity.ts'

test.each([
  [0.5, '500m'],
  ['1000m', '1'],
  ['1.5Gi', '1536Mi'],
  ['0.5Gi', '512Mi'],
  ['1024Mi', '1Gi'],
  ['1000Ki', '1000Ki'],
  ['0.5Ki', '512'],
  [1024, '1024'],
  [129_000_000, '129M'],
  [128_974_848, '128974848'],
  ['129e6', '129e6'],
  ['1e3', '1e3'],
  ['100u', '100u'],
  ['0.1', '100m'],
  ['2', '2'],
  [-1, '-1'],
  ['0', '0'],
  ['0.0000000001', '1n'],
  ['1.', '1'],
  ['10Q', '10Q'],
  ['', ''],
  ['a', 'a'],
])('the quantity %j is written %s', (quantity, canonical) => {
  expect(canonicalQuantity(quantity)).toBe(canonical)
})
