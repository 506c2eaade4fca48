import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicUs } from '../../src/base/clock.ts'
import { random } from '../../src/base/random.ts'
import { apiClient } from '../../src/cluster/api-client.ts'
import { podFacts, type RawPod } from '../../src/cluster/watch/pod-facts.ts'
import { reflect } from '../../src/cluster/watch/reflect.ts'

/** What the watching process measured of itself. */
export interface WatchFigures {
  readonly listMs: number
  readonly listStallMs: number
  readonly watchStallMs: number
  /** The most CPU time of the loop between two looks a millisecond apart: a stall that no other process makes longer. */
  readonly listTurnMs: number
  readonly watchTurnMs: number
  readonly changed: number
  readonly appeared: number
  readonly gaps: number
  readonly residentBeforeMb: number
  /** The most until the list was there. */
  readonly residentListMb: number
  readonly residentMostMb: number
  /** What is alive at the end, of the JavaScript heap. */
  readonly heapMb: number
}

/** Lists and watches the pods of `node watch-child.js PORT SECONDS`; prints its figures as JSON. */
const [port = '', seconds = ''] = process.argv.slice(2)
const memoryMb = (key: string) =>
  Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) /
  1_000

await sleep(500)
const residentBeforeMb = memoryMb('VmRSS')
const delay = monitorEventLoopDelay({ resolution: 1 })
const stop = new AbortController()
const cpuMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
let lastCpuMs = cpuMs()
let turnMs = 0
setInterval(() => {
  const nowMs = cpuMs()
  turnMs = Math.max(turnMs, nowMs - lastCpuMs)
  lastCpuMs = nowMs
}, 1).unref()
const counts = { appeared: 0, changed: 0, gone: 0, gaps: 0 }
delay.enable()
const startedMs = performance.now()
const listed = await reflect({
  client: apiClient(`http://127.0.0.1:${port}`, () => Promise.resolve()),
  path: '/api/v1/namespaces/shop/pods',
  project: (raw: RawPod) => podFacts(raw),
  nowUs: monotonicUs,
  random: random(1),
  signal: stop.signal,
  onChange: (change) => counts[change]++,
  onGap: () => counts.gaps++,
})
if (!listed.ok) throw new Error(listed.error.message)
const listMs = performance.now() - startedMs
const listStallMs = delay.max / 1e6
const listTurnMs = turnMs
const residentListMb = memoryMb('VmHWM')
delay.reset()
turnMs = 0
await sleep(Number(seconds) * 1_000)
const figures: WatchFigures = {
  ...counts,
  listMs,
  listStallMs,
  watchStallMs: delay.max / 1e6,
  listTurnMs,
  watchTurnMs: turnMs,
  residentBeforeMb,
  residentListMb,
  residentMostMb: memoryMb('VmHWM'),
  heapMb: getHeapStatistics().used_heap_size / 1e6,
}
process.stdout.write(JSON.stringify(figures))
stop.abort()
