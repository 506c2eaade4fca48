import { expect, test } from 'vitest'
import type { LabEvent } from '../../../src/lab/api/store.ts'
import { createEventCorrelator } from '../../../src/lab/api/correlate-events.ts'
import { named } from '../controllers/manifests.ts'

const event = (message: string, uid = 'u1'): LabEvent => ({
  regarding: { apiVersion: 'v1', kind: 'Pod', metadata: named('web', { uid }) },
  type: 'Normal',
  reason: 'Pulled',
  message,
  component: 'kubelet',
})

test('the tenth different message within ten minutes is combined with those that follow', () => {
  const correlate = createEventCorrelator()
  const seen = Array.from({ length: 12 }, (_, index) => correlate(event(`m${String(index)}`), 0))
  expect(seen.slice(0, 9).map(({ message }) => message)).toEqual(
    Array.from({ length: 9 }, (_, index) => `m${String(index)}`),
  )
  expect(seen.slice(9).map(({ message }) => message)).toEqual(
    [9, 10, 11].map((index) => `(combined from similar events): m${String(index)}`),
  )
  expect(new Set(seen.map(({ key }) => key)).size).toBe(10)
  expect(correlate(event('later'), 600_001).message).toBe('later')
})

test('after 25 events about an object one passes every five minutes', () => {
  const correlate = createEventCorrelator()
  const allowed = (nowMs: number, uid?: string) => correlate(event('same', uid), nowMs).allowed
  expect(Array.from({ length: 30 }, () => allowed(0)).filter(Boolean)).toHaveLength(25)
  expect(allowed(0, 'another')).toBe(true)
  expect(allowed(299_999)).toBe(false)
  expect(allowed(300_000)).toBe(true)
  expect(allowed(300_001)).toBe(false)
})
