import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { constants } from 'node:os'
import { firstProcessOf } from '../lab/kubelet/runtime/first-process-of.ts'
import { toolPath } from '../lab/network/kernel/run-tool.ts'
import { exitCodeOfSignal } from './exit-code-of-signal.ts'
import { LIFELINE_FD } from './live-as-first-process.ts'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH'] as const

export interface InsideOptions {
  /** Goes before the program and makes its namespaces. */
  readonly prefix: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The program inside shares the terminal's session. */
  readonly keepsSession: boolean
}

/**
 * Runs this whole program once more behind `prefix`, until it ends; gives its exit code. Signals are passed on. One that
 * comes before the program inside can take it ends it at once: as PID 1 it would not even notice.
 */
export function runInside({ prefix, env, keepsSession }: InsideOptions): Promise<number> {
  const [file = '', ...before] = prefix
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const unshare = spawn(file, [...before, ...again], {
    env: { ...process.env, PATH: toolPath(), ...env },
    // Ctrl-C is for us, who pass it on; twice would be a second Ctrl-C.
    detached: !keepsSession,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  })
  const lifeline = unshare.stdio[LIFELINE_FD] as Socket
  let isReady = false
  let endedEarlyBy: NodeJS.Signals | undefined
  lifeline.on('error', () => undefined)
  lifeline.once('data', () => (isReady = true))
  const passOn = (signal: NodeJS.Signals) => {
    if (!isReady && signal !== 'SIGWINCH') {
      endedEarlyBy ??= signal
      unshare.kill('SIGKILL')
      return
    }
    const fromTerminal = keepsSession && signal !== 'SIGTERM' && signal !== 'SIGHUP'
    const inner = unshare.pid === undefined ? undefined : firstProcessOf(unshare.pid)
    if (inner !== undefined && !fromTerminal) process.kill(inner, signal)
  }
  for (const signal of FORWARDED) process.on(signal, passOn)
  return new Promise((resolve, reject) => {
    unshare.once('error', reject)
    unshare.once('exit', (code, signal) => {
      for (const name of FORWARDED) process.off(name, passOn)
      if (endedEarlyBy) resolve(exitCodeOfSignal(endedEarlyBy))
      else resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL'])
    })
  })
}
