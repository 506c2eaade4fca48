import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { humanUs } from '../base/units.ts'
import { cappedLines } from './capped-lines.ts'

export interface ExecOptions {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[]
  /** Absent: this process's own. */
  readonly directory?: string
  readonly env?: Readonly<Record<string, string>>
  /** Absent: as long as it likes. */
  readonly timeoutUs?: number
  /** Its reason, the name of a signal, is passed on. */
  readonly signal: AbortSignal
  readonly nowUs: () => number
  /** Told lines of stdout and stderr, of very long output the first and the last. */
  readonly onLine: (line: string) => void
}

/** How long a command may take to end after the signal that was passed on. */
const END_GRACE_MS = 10_000
const SIGNALS = new Set<unknown>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])

/**
 * Runs a command of the user's own to its end, in a process group of its own, so that Ctrl-C reaches it through us
 * and nothing of it is left. It has no stdin. Gives how it ended; anything but exit code 0 is a problem.
 */
export async function execCommand(
  options: ExecOptions,
): Promise<Result<{ detail: string }, Problem>> {
  const { command, signal, nowUs } = options
  const [program = ''] = command
  const startedAtUs = nowUs()
  const child = start(options)
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`cannot be started: ${error.code ?? error.message}`),
    )
    child.once('close', (code, by) =>
      resolve(by === null ? `exit code ${String(code)}` : `ended by ${by}`),
    )
  })
  let killing: NodeJS.Timeout | undefined
  const end = (name: NodeJS.Signals) => {
    signalGroup(child.pid, name)
    killing ??= setTimeout(() => signalGroup(child.pid, 'SIGKILL'), END_GRACE_MS)
  }
  const pass = () => end(SIGNALS.has(signal.reason) ? (signal.reason as NodeJS.Signals) : 'SIGTERM')
  if (signal.aborted) pass()
  else signal.addEventListener('abort', pass, { once: true })
  const late = new AbortController()
  const timing =
    options.timeoutUs &&
    setTimeout(() => {
      late.abort()
      end('SIGTERM')
    }, options.timeoutUs / 1_000)
  const how = await closed
  signal.removeEventListener('abort', pass)
  clearTimeout(killing)
  clearTimeout(timing)
  const isLate = late.signal.aborted
  const detail = `${isLate ? 'not over in time, ' : ''}${how} after ${humanUs(nowUs() - startedAtUs)}`
  if (how === 'exit code 0' && !isLate) return succeed({ detail })
  return fail({ code: 'command-failed', message: `${program}: ${detail}` })
}

/** In a process group of its own, without stdin. */
function start({
  command,
  directory,
  env,
  onLine,
}: ExecOptions): ChildProcessByStdio<null, Readable, Readable> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(directory !== undefined && { cwd: directory }),
    ...(env && { env: { ...env } }),
  })
  for (const stream of [child.stdout, child.stderr]) {
    const lines = cappedLines(onLine)
    stream.on('data', (chunk: Buffer) => lines.take(chunk))
    stream.once('close', () => lines.end())
  }
  return child
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, name)
  } catch {
    // It has ended by itself.
  }
}
