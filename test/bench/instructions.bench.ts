import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { machineLine, print, table } from './measure.ts'
import { startNginx } from './start-nginx.ts'

/**
 * How many instructions does a request cost in user space? Counted by callgrind, so the same on a busy machine: the
 * difference between a long and a short run, each `once(n)` over 50 connections. The kernel's are not counted.
 */
const SHORT = 5_000
const LONG = 20_000
const REPEATS = 3

const run = promisify(execFile)
const program = join(import.meta.dirname, 'load-child.ts')

async function instructions(port: number, requests: number, more: object): Promise<number> {
  const options = { port, seconds: 0, schedule: `once(${requests})`, maxConnections: 50 }
  const plan = JSON.stringify({ ...options, timeoutUs: 600_000_000, ...more })
  const { stdout, stderr } = await run(
    'valgrind',
    [
      ...['--tool=callgrind', '--callgrind-out-file=/dev/null', '--smc-check=all-non-file'],
      ...[process.execPath, program, plan],
    ],
    { maxBuffer: 1e8 },
  )
  const { ok } = JSON.parse(stdout) as { ok: number }
  if (ok !== requests) throw new Error(`${ok} of ${requests} answered`)
  return Number(/I +refs: +([\d,]+)/.exec(stderr)?.[1]?.replaceAll(',', ''))
}

const nginx = await startNginx()
print(`${machineLine()} · callgrind`)
const rows: string[][] = []
for (const [name, more] of [
  ['reused connections', {}],
  ['a connection for each', { connections: 'new' }],
] as const) {
  const each: number[] = []
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const short = await instructions(nginx.port, SHORT, more)
    each.push(((await instructions(nginx.port, LONG, more)) - short) / (LONG - SHORT))
  }
  rows.push([name, ...each.map((count) => count.toFixed(0))])
}
print(table(['instructions a request, user space', 'run 1', 'run 2', 'run 3'], rows))
nginx.stop()
