import { expect, it } from 'vitest'
import { createCrashBackOff } from '../../../src/lab/kubelet/crash-back-off.ts'

it('waits 0, 10, 20, 40, 80, 160, 300 and 300 s, counted from the last finish', () => {
  const backOff = createCrashBackOff()
  const waits: number[] = []
  let nowMs = 1_000_000
  for (let restart = 0; restart < 8; restart += 1) {
    const waitMs = backOff.waitMs(nowMs, nowMs)
    waits.push(waitMs / 1000)
    nowMs += waitMs
    backOff.restarted(nowMs)
  }
  expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300])
})

it('counts the time since the finish, and forgets after a long healthy run', () => {
  const backOff = createCrashBackOff()
  backOff.restarted(0)
  expect(backOff.waitMs(5000, 8000)).toBe(7000)
  expect(backOff.waitMs(700_000, 700_000)).toBe(0)
})
