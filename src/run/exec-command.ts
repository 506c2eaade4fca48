import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { humanUs } from '../base/units.ts'

export interface ExecOptions {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[]
  /** Its reason, the name of a signal, is passed on. */
  readonly signal: AbortSignal
  readonly nowUs: () => number
  /** Told each line of stdout and stderr. */
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
  const { command, signal, nowUs, onLine } = options
  const [program = '', ...args] = command
  const startedAtUs = nowUs()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`cannot be started: ${error.code ?? error.message}`),
    )
    child.once('close', (code, by) =>
      resolve(by === null ? `exit code ${String(code)}` : `ended by ${by}`),
    )
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine)
  }
  const end = (name: NodeJS.Signals) => signalGroup(child.pid, name)
  let killing: NodeJS.Timeout | undefined
  const pass = () => {
    end(SIGNALS.has(signal.reason) ? (signal.reason as NodeJS.Signals) : 'SIGTERM')
    killing = setTimeout(() => end('SIGKILL'), END_GRACE_MS)
  }
  if (signal.aborted) pass()
  else signal.addEventListener('abort', pass, { once: true })
  const how = await closed
  signal.removeEventListener('abort', pass)
  clearTimeout(killing)
  const detail = `${how} after ${humanUs(nowUs() - startedAtUs)}`
  if (how === 'exit code 0') return succeed({ detail })
  return fail({ code: 'command-failed', message: `${program}: ${detail}` })
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, name)
  } catch {
    // It has ended by itself.
  }
}
