import { spawn } from 'node:child_process'
import { fail, type Result, succeed } from '../../base/result.ts'

/** How a program is run that prints a credential. */
export interface PluginRun {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly limitMs: number
}

/** Why it gave nothing, in words without what it printed; `stderr` is raw. */
export interface PluginFailure {
  readonly why: string
  readonly stderr: string
}

const MAX_STDOUT_BYTES = 1024 * 1024
const MAX_STDERR_BYTES = 16 * 1024

/** Runs it without a shell and without stdin, bounded in time and output; gives what it wrote to stdout. */
export function runPlugin(run: PluginRun): Promise<Result<string, PluginFailure>> {
  return new Promise((resolve) => {
    const child = spawn(run.command, run.args, {
      env: run.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    const sizes = { stdout: 0, stderr: 0 }
    const end = (why: string | undefined) => {
      clearTimeout(timer)
      if (why === undefined) resolve(succeed(Buffer.concat(stdout).toString('utf8')))
      else resolve(fail({ why, stderr: Buffer.concat(stderr).toString('utf8') }))
    }
    const endNow = (why: string) => {
      end(why)
      killGroup(child.pid)
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const timer = setTimeout(
      () => endNow(`did not end within ${run.limitMs / 1_000} s`),
      run.limitMs,
    )
    child.stdout.on('data', (chunk: Buffer) => {
      sizes.stdout += chunk.length
      if (sizes.stdout > MAX_STDOUT_BYTES) endNow('printed more than 1 MiB')
      else stdout.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      sizes.stderr += chunk.length
      if (sizes.stderr <= MAX_STDERR_BYTES) stderr.push(chunk)
    })
    child.on('error', (error: NodeJS.ErrnoException) =>
      end(
        error.code === 'ENOENT' ? 'is not there' : `cannot be started: ${error.code ?? 'failed'}`,
      ),
    )
    child.on('close', (code, signal) =>
      end(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code ?? 'unknown'}`}`),
    )
  })
}

/** It leads its own process group, so that what it started ends with it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Ended meanwhile.
  }
}
