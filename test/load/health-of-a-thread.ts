import { parentPort } from 'node:worker_threads'
import { threadHealth } from '../../src/load/thread-health.ts'

/** A worker that is busy for 60 ms in one frame, idle in the next, and makes garbage in the third. */
const health = threadHealth()
const turn = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const spinMs = (ms: number) => {
  const untilMs = performance.now() + ms
  while (performance.now() < untilMs);
}
await turn(1)
health.takeFrame()
spinMs(60)
await turn(1)
const busy = health.takeFrame()
await turn(100)
const idle = health.takeFrame()
const kept: unknown[][] = []
for (let round = 0; round < 400; round++) {
  kept.push(Array.from({ length: 5_000 }, () => ({})))
  if (kept.length > 40) kept.shift()
}
await turn(5)
const littering = health.takeFrame()
health.close()
parentPort?.postMessage({ busy, idle, littering })
