import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import type { ThreadTimes } from '../../src/load/thread-health.ts'

it('tells in a worker how long its loop was busy and how long it collected garbage', async () => {
  const worker = new Worker(new URL('./health-of-a-thread.ts', import.meta.url))
  const [seen] = (await once(worker, 'message')) as [Record<string, ThreadTimes>]
  const { busy, idle, littering } = seen
  // Busy is wall time, so 60 ms of spinning are at least that much, however little of the processor it got.
  expect(busy?.busyUs).toBeGreaterThanOrEqual(59_000)
  expect(idle?.busyUs).toBeLessThan(busy?.busyUs ?? 0)
  expect(littering?.gcUs).toBeGreaterThan(0)
  expect(littering?.gcUs).toBeLessThanOrEqual(littering?.busyUs ?? 0)
  await worker.terminate()
})
