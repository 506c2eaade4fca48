import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicUs } from '../../src/base/clock.ts'
import { random } from '../../src/base/random.ts'
import { apiClient } from '../../src/cluster/api-client.ts'
import { podFacts, type RawPod } from '../../src/cluster/watch/pod-facts.ts'
import { reflect } from '../../src/cluster/watch/reflect.ts'
import { machineLine, print, table } from './measure.ts'

/**
 * What does a large namespace cost? 10,000 pods of 3.6 kB are listed and watched for 20 s under 1,000 updates/s.
 * Bar: ≤ 200 MB resident, ≤ 50 ms in which the event loop does nothing else.
 */
const PODS = 10_000
const UPDATES = 1_000
const SECONDS = Number(process.env['SECONDS'] ?? 20)

const memory = (key: string) =>
  Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) /
  1_000

const server = spawn(
  process.execPath,
  [join(import.meta.dirname, 'pod-server.ts'), String(PODS), String(UPDATES)],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
// What the machine itself does to a process that does nothing.
const idle = spawn(
  process.execPath,
  [
    '-e',
    `const d=require('perf_hooks').monitorEventLoopDelay({resolution:1});d.enable();process.stdin.on('data',()=>{console.log(d.max/1e6);d.reset()})`,
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
)
async function idleStallMs(): Promise<number> {
  idle.stdin.write('x')
  const [text] = (await once(idle.stdout, 'data')) as [Buffer]
  return Number(text)
}

const [port] = (await once(server.stdout, 'data')) as [Buffer]
const before = memory('VmRSS')
const delay = monitorEventLoopDelay({ resolution: 1 })
const stop = new AbortController()
const counts = { appeared: 0, changed: 0, gone: 0, gaps: 0 }
await sleep(500)
await idleStallMs()
delay.enable()
const startedMs = performance.now()
const listed = await reflect({
  client: apiClient(`http://127.0.0.1:${String(port).trim()}`, () => Promise.resolve()),
  path: '/api/v1/namespaces/shop/pods',
  project: (raw: RawPod) => podFacts(raw),
  nowUs: monotonicUs,
  random: random(1),
  signal: stop.signal,
  onChange: (change) => counts[change]++,
  onGap: () => counts.gaps++,
})
const listMs = performance.now() - startedMs
const listStallMs = delay.max / 1e6
const idleListStallMs = await idleStallMs()
delay.reset()
await sleep(SECONDS * 1_000)
const watchStallMs = delay.max / 1e6
const idleWatchStallMs = await idleStallMs()
idle.kill()
stop.abort()
server.kill()
print(machineLine())
print(
  table(
    ['10,000 pods of 3.6 kB', 'list', 'watch, 1,000 updates/s'],
    [
      ['took', `${Math.round(listMs)} ms`, `${SECONDS} s, ${counts.changed} changes told`],
      ['longest stall', `${listStallMs.toFixed(0)} ms`, `${watchStallMs.toFixed(0)} ms`],
      [
        'of a process that does nothing',
        `${idleListStallMs.toFixed(0)} ms`,
        `${idleWatchStallMs.toFixed(0)} ms`,
      ],
      ['resident', `${before.toFixed(0)} MB before`, `${memory('VmHWM').toFixed(0)} MB at most`],
    ],
  ),
)
if (!listed.ok || counts.appeared !== PODS || counts.gaps > 0)
  throw new Error(`not all was told: ${JSON.stringify({ listed, counts })}`)
