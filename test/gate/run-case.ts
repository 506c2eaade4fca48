import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunResult } from '../../src/report/result.ts'
import { BIN } from '../support/podtank.ts'
import { type Disturbance, type GateCase, SECONDS } from './gate-case.ts'
import type { SeenByServer } from './truth-server.ts'

/** What the program said of a run, and what was true. */
export interface GateRun {
  readonly exitCode: number
  /** Absent: it was refused before the start. */
  readonly outcome?: string
  /** What was seen of each signal, by its name. */
  readonly observed: Readonly<Record<string, string>>
  readonly refusedBy: readonly string[]
  /** Requests that the server saw. */
  readonly seen: number
  /** Share of the planned requests that the server never saw. */
  readonly missingShare: number
  /** The p99 of what is not the server's in the response time of each request. */
  readonly ownP99Us: number
  readonly stderr: string
}

/** Below `fine` nobody is misled; from `invalid` on the generator would be taken for the server. */
const OWN_P99_US = { fine: 10_000, invalid: 20_000 }
const MISSING_SHARE = 0.001

export const TRUTHS = ['fine', 'between', 'invalid', 'never ran'] as const

/** The truth about a run, from the server's own stamps and counts; the limits were set before anything was measured. */
export function truthOf({ outcome, ownP99Us, missingShare }: GateRun): (typeof TRUTHS)[number] {
  if (outcome === undefined) return 'never ran'
  if (ownP99Us > OWN_P99_US.invalid || missingShare > MISSING_SHARE) return 'invalid'
  return ownP99Us <= OWN_P99_US.fine ? 'fine' : 'between'
}

/** Whether the program refused to believe its figures, or to run at all. */
export const isFlagged = ({ exitCode, outcome }: GateRun): boolean =>
  outcome === 'inconclusive' || exitCode === 13

export interface GatePlace {
  /**
   * Where nobody else's work may decide: the generator (and its hogs) on one core, the server on another, both before
   * ordinary processes. Needs root.
   */
  readonly isolated?: boolean
}

/** Runs one case: server, program, disturbance; all ended when it resolves. */
export async function runCase(gateCase: GateCase, place: GatePlace = {}): Promise<GateRun> {
  const { disturbance } = gateCase
  const server = startServer(gateCase, place)
  const hogs: ChildProcess[] = []
  const out = mkdtempSync(join(tmpdir(), 'podtank-gate-'))
  try {
    const [{ port }] = (await once(server, 'message')) as [AddressInfo]
    const program = startProgram(gateCase, `http://127.0.0.1:${port}/`, {
      out,
      serverPid: server.pid ?? 0,
      place,
    })
    for (let at = 0; disturbance.kind === 'hogs' && at < disturbance.count; at++) {
      hogs.push(spawnOn('generator', place, [process.execPath, fileOf('cpu-hog.ts'), '20']))
    }
    if (disturbance.kind === 'pause') await pause(program.child, disturbance.pauseMs)
    const { exitCode, stdout, stderr } = await program.ended
    server.send('take')
    const [seen] = (await once(server, 'message')) as [SeenByServer]
    const log = join(out, 'run', 'requests.ndjson')
    const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []
    return judged({ exitCode, stdout, stderr, seen, lines })
  } finally {
    for (const child of [server, ...hogs]) child.kill('SIGKILL')
    rmSync(out, { recursive: true })
  }
}

function judged(run: {
  exitCode: number
  stdout: string
  stderr: string
  seen: SeenByServer
  lines: readonly string[]
}): GateRun {
  const { exitCode, stderr, seen } = run
  const result = run.stdout === '' ? undefined : (JSON.parse(run.stdout) as RunResult)
  const validity = result?.validity ?? []
  const planned = result?.ledger.planned ?? 0
  return {
    exitCode,
    ...(result && { outcome: result.verdict.outcome }),
    observed: Object.fromEntries(validity.map(({ name, observed }) => [name, observed])),
    refusedBy: validity.filter(({ state }) => state === 'refuse').map(({ name }) => name),
    seen: seen.requests,
    missingShare: result ? Math.max(0, 1 - seen.requests / planned) : 1,
    ownP99Us: ownP99Us(seen, run.lines),
    stderr,
  }
}

/** The share of each request's response time that was not the server's; its p99. */
function ownP99Us({ residencesUs }: SeenByServer, lines: readonly string[]): number {
  const ofServer = new Map(residencesUs)
  const ownUs = lines
    .map((line) => JSON.parse(line) as { seq: number; dueAtUs: number; endedAtUs: number })
    .map(({ seq, dueAtUs, endedAtUs }) => endedAtUs - dueAtUs - (ofServer.get(seq) ?? 0))
    .sort((left, right) => left - right)
  return ownUs[Math.ceil(ownUs.length * 0.99) - 1] ?? 0
}

const fileOf = (name: string) => join(import.meta.dirname, name)

function startServer(gateCase: GateCase, place: GatePlace): ChildProcess {
  const { serviceMs, serverKeeps, disturbance } = gateCase
  const keeping = serverKeeps === false ? ['keeps-none'] : []
  const command = [process.execPath, fileOf('truth-server.ts'), String(serviceMs), ...keeping]
  if (disturbance.kind !== 'ports') return spawnOn('server', place, command, { ipc: true })
  // A network of its own, in which no port that was closed is used again.
  const range = `20000 ${20_000 + disturbance.count - 1}`
  const settings = [
    'ip link set lo up',
    `echo ${range} > /proc/sys/net/ipv4/ip_local_port_range`,
    'echo 0 > /proc/sys/net/ipv4/tcp_tw_reuse',
    'exec "$@"',
  ].join(' && ')
  return spawnOn('server', place, ['unshare', '-n', 'sh', '-c', settings, 'sh', ...command], {
    ipc: true,
  })
}

interface StartedProgram {
  readonly child: ChildProcess
  readonly ended: Promise<{ exitCode: number; stdout: string; stderr: string }>
}

function startProgram(
  { load, disturbance }: GateCase,
  url: string,
  { out, serverPid, place }: { out: string; serverPid: number; place: GatePlace },
): StartedProgram {
  const command = [
    ...prefixOf(disturbance, serverPid),
    ...[process.execPath, BIN, 'load', url, ...load, ...flagsOf(disturbance)],
    ...['--out', join(out, 'run'), '-o', 'json', '--requests', 'ndjson', '-H', 'Seq: {{seq}}'],
  ]
  const child = spawnOn('generator', place, command, { env: environmentOf(disturbance) })
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (bytes) => (stdout += String(bytes)))
  child.stderr?.on('data', (bytes) => (stderr += String(bytes)))
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => {
    if (code !== 0 && code !== 10 && code !== 11 && code !== 13) {
      throw new Error(`ended with ${String(code ?? signal)}: ${stderr}`)
    }
    return { exitCode: code, stdout, stderr }
  })
  return { child, ended }
}

function prefixOf(disturbance: Disturbance, serverPid: number): string[] {
  if (disturbance.kind === 'ports') return ['nsenter', '-t', String(serverPid), '-n']
  if (disturbance.kind !== 'descriptors') return []
  return ['prlimit', `--nofile=${disturbance.limit}:${disturbance.limit}`]
}

const flagsOf = (disturbance: Disturbance): string[] =>
  disturbance.kind === 'pool' ? ['--max-connections', String(disturbance.connections)] : []

const environmentOf = (disturbance: Disturbance): NodeJS.ProcessEnv =>
  disturbance.kind === 'stalls'
    ? {
        NODE_OPTIONS: `--import=${fileOf('stall-workers.ts')}`,
        GATE_STALL_MS: String(disturbance.stallMs),
        GATE_STALL_EVERY_MS: String(disturbance.everyMs),
      }
    : {}

function spawnOn(
  side: 'generator' | 'server',
  { isolated }: GatePlace,
  command: readonly string[],
  options: { ipc?: boolean; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const core = side === 'generator' ? 0 : 1
  const before =
    isolated && availableParallelism() > 1 && existsSync('/usr/bin/taskset')
      ? ['taskset', '-c', String(core), 'nice', '-n', '-10']
      : []
  const [file = '', ...args] = [...before, ...command]
  return spawn(file, args, {
    env: { PATH: process.env['PATH'], HOME: tmpdir(), ...options.env },
    stdio: [
      'ignore',
      'pipe',
      options.ipc ? 'inherit' : 'pipe',
      ...(options.ipc ? (['ipc'] as const) : []),
    ],
  })
}

/** Stops the program in the middle of its load. */
async function pause(child: ChildProcess, pauseMs: number): Promise<void> {
  await sleep((SECONDS * 1_000) / 2 + 1_000)
  child.kill('SIGSTOP')
  await sleep(pauseMs)
  child.kill('SIGCONT')
}
