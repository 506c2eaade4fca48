import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runWrk } from './beside.ts'
import { machineLine, print, table } from './measure.ts'
import { startNginx } from './start-nginx.ts'

/**
 * Is memory flat over 10 minutes? The whole program, `podtank load`, with its recording, at 100,000 requests/s or at
 * 0.6 × what wrk reaches on this machine, whichever is less. Bar: ≤ 120 MB and flat. MINUTES makes it shorter.
 */
const MINUTES = Number(process.env['MINUTES'] ?? 10)

const nginx = await startNginx()
const url = `http://127.0.0.1:${nginx.port}/`
print(`${machineLine()} · ${nginx.version}`)
const wrk = await runWrk(5, ['-c50', url])
const rate = Math.min(100_000, Math.round(wrk.requestsPerSecond * 0.6))
const out = mkdtempSync(join(tmpdir(), 'podtank-memory-'))
const podtank = join(import.meta.dirname, '..', '..', 'bin', 'podtank.js')
const schedule = `const(${rate},${MINUTES}m)`
const child = spawn(
  process.execPath,
  [podtank, 'load', url, '-s', schedule, '--out', join(out, 'run'), '--threads', '1'],
  { stdio: 'ignore' },
)
const samples = await sampleMemory(child)
nginx.stop()
rmSync(out, { recursive: true, force: true })
const minute = (from: number) => samples.filter(([at]) => at >= from && at < from + 60)
print(
  table(
    [`minute, at ${rate} requests/s`, 'lowest MB', 'highest MB'],
    Array.from({ length: Math.ceil(MINUTES) }, (_, at) => {
      const megabytes = minute(at * 60).map(([, value]) => value)
      return [String(at + 1), String(Math.min(...megabytes)), String(Math.max(...megabytes))]
    }),
  ),
)

/** Resident memory each second, [second, MB], until the load ends; making the report is another matter. */
async function sampleMemory(
  process: ChildProcess,
): Promise<readonly (readonly [number, number])[]> {
  const taken: [number, number][] = []
  const exited = once(process, 'exit')
  for (let second = 0; second < MINUTES * 60; second++) {
    const state = await Promise.race([sleep(1_000), exited])
    if (state !== undefined) break
    const status = readFileSync(`/proc/${process.pid}/status`, 'utf8')
    taken.push([second, Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_000)])
  }
  await exited
  return taken
}
