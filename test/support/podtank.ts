import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { workloadManifest } from './lab-run.ts'

export const ROOT = join(import.meta.dirname, '..', '..')
export const BIN = join(ROOT, 'bin', 'podtank.js')

export interface Program {
  readonly child: ChildProcess
  readonly pid: number
  stdout(): string
  stderr(): string
  /** Resolves when stderr holds the text; rejects when the program ends first, or after 20 seconds. */
  said(text: string | RegExp): Promise<void>
  /** Resolves with the exit code, or the name of the signal. */
  readonly ended: Promise<number | string>
}

/** Starts the built program as a shell would: no terminal, an empty environment but for PATH and a marker. */
export function podtank(
  args: readonly string[],
  options: SpawnOptions & { marker?: string } = {},
): Program {
  return start(process.execPath, [BIN, ...args], options)
}

/** Starts any command and collects what it says. */
export function start(
  command: string,
  args: readonly string[],
  { marker, ...options }: SpawnOptions & { marker?: string } = {},
): Program {
  const child = spawn(command, args, {
    cwd: mkdtempSync(join(tmpdir(), 'podtank-cwd-')),
    env: {
      PATH: process.env['PATH'],
      HOME: tmpdir(),
      ...(marker !== undefined && { PODTANK_TEST_MARKER: marker }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  })
  let out = ''
  let err = ''
  const waiting = new Set<() => void>()
  child.stdout?.on('data', (chunk) => (out += String(chunk)))
  child.stderr?.on('data', (chunk) => {
    err += String(chunk)
    for (const check of waiting) check()
  })
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => out,
    stderr: () => err,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (typeof text === 'string' ? err.includes(text) : text.test(err)) end(resolve)
        }
        const timer = setTimeout(
          () => end(() => reject(new Error(`never said ${String(text)}:\n${err}`))),
          20_000,
        )
        const end = (settle: () => void) => {
          clearTimeout(timer)
          waiting.delete(check)
          settle()
        }
        void ended.then((code) =>
          end(() =>
            reject(new Error(`ended with ${code} before it said ${String(text)}:\n${err}\n${out}`)),
          ),
        )
        waiting.add(check)
        check()
      }),
  }
}

/** Commands of the processes whose environment holds a marker; those of a process that is just ending are left out. */
export function processesWith(marker: string): string[] {
  return globSync('/proc/[0-9]*/environ').flatMap((path) => {
    try {
      if (!readFileSync(path, 'latin1').includes(`PODTANK_TEST_MARKER=${marker}`)) return []
      return [readFileSync(path.replace('environ', 'cmdline'), 'latin1').replaceAll('\0', ' ')]
    } catch {
      return []
    }
  })
}

/** Resolves when the condition holds; rejects after ten seconds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ten seconds: ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Resolves when no process with the marker is left; rejects after ten seconds, or so many ms, with those that are. */
export async function allGone(marker: string, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const left = processesWith(marker)
    if (left.length === 0) return
    if (performance.now() > deadline) throw new Error(`still there:\n${left.join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Writes a small scenario with its manifest into a new folder; gives the scenario's path. */
export function writeScenario(options: {
  steps: string
  load?: string
  more?: string
  image?: string
  replicas?: number
  /** Behind a Service of the same name; absent: `deployment/web`, of the manifest beside. */
  workload?: string
}): string {
  const { workload = 'deployment/web' } = options
  const folder = mkdtempSync(join(tmpdir(), 'podtank-scenario-'))
  const path = join(folder, 'scenario.yaml')
  writeFileSync(
    join(folder, 'web.yaml'),
    workloadManifest({
      image: options.image ?? 'podtank.lab/web:sigquit',
      replicas: options.replicas ?? 3,
    }),
  )
  writeFileSync(
    path,
    `podtank: 1
name: small
target: { workload: ${workload}, through: service/${workload.split('/')[1] ?? ''} }
load: ${options.load ?? `{ schedule: 'const(20,3s)' }`}
steps: ${options.steps}
manifests: [web.yaml]
${options.more ?? ''}`,
  )
  return path
}
