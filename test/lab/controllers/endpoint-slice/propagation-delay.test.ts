import { expect, test } from 'vitest'
import { random } from '../../../../src/base/random.ts'
import {
  propagationDelayMs,
  staleRetryMs,
} from '../../../../src/lab/controllers/endpoint-slice/propagation-delay.ts'

test('delays lie between 5 and 100 ms, 20 ms on average', () => {
  const chance = random(1)
  const delays = Array.from({ length: 20_000 }, () => propagationDelayMs(chance))
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(5)
  expect(Math.max(...delays)).toBe(100)
  expect(mean).toBeGreaterThan(19.5)
  expect(mean).toBeLessThan(20.5)
})

test('three in ten syncs within 100 ms of a write are retried a second later, others never', () => {
  const chance = random(1)
  const count = (sinceMs: number) =>
    Array.from({ length: 10_000 }, () => staleRetryMs(chance, sinceMs, 0)).filter(
      (retryMs) => retryMs === 1000,
    ).length
  expect(count(99) / 10_000).toBeCloseTo(0.3, 1)
  expect(count(100)).toBe(0)
})

test('retries back off by doubling', () => {
  const always = { ...random(1), next: () => 0 }
  expect([0, 1, 2].map((retries) => staleRetryMs(always, 0, retries))).toEqual([1000, 2000, 4000])
})
