import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { monotonicUs } from '../../../base/clock.ts'

/** Starts containers; how far they are apart from one another depends on the kernel. */
export interface ContainerRuntime {
  /** The first process of a container is PID 1 of its own PID namespace. */
  readonly pidNamespaces: boolean
  start(request: StartRequest): ContainerProcess
  /** Ends every container at once. */
  close(): void
}

export interface StartRequest {
  readonly command: readonly string[]
  /** Enters the pod's namespaces; goes before whatever starts the container. */
  readonly enter: readonly string[]
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  readonly directory: string
  readonly onOutput: (stream: OutputStream, chunk: Buffer) => void
}

export type OutputStream = 'stdout' | 'stderr'

export interface ContainerProcess {
  /** Resolves at the end of the first process, when everything else of the container has been ended too. */
  readonly exited: Promise<ContainerExit>
  /** Of the first process, as the lab sees it; undefined before it is there and after its end. */
  firstPid(): number | undefined
  /** Sends a signal to the first process only. */
  signal(signal: NodeJS.Signals): void
  /** SIGKILL to the first process, and with it to all others. */
  kill(): void
  /** Runs a command inside the container; it dies with the container. */
  exec(command: readonly string[], timeoutMs?: number): Promise<ExecResult>
}

export interface ContainerExit {
  /** 128 + n after signal n. */
  readonly exitCode: number
  /** On the machine's monotonic clock. */
  readonly atUs: number
  /** Why the command could not be started at all. */
  readonly startError?: string
}

export interface ExecResult {
  /** Undefined when the command did not end in time or could not be started. */
  readonly exitCode: number | undefined
  /** Both streams, at most 10 kB. */
  readonly output: string
}

const EXEC_OUTPUT_BYTES = 10_000

/** The exit code as a container runtime reports it. */
export const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal])

/** Resolves when the process has ended or could not be started. */
export function exitOf(child: ChildProcess): Promise<ContainerExit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ exitCode: 128, atUs: monotonicUs(), startError: error.message })
    })
    child.once('exit', (code, signal) => {
      resolve({ exitCode: exitCodeOf(code, signal), atUs: monotonicUs() })
    })
  })
}

/** Hands on both output streams of a container. */
export function forwardOutput(
  output: Pick<ChildProcess, 'stdout' | 'stderr'>,
  onOutput: StartRequest['onOutput'],
): void {
  output.stdout?.on('data', (chunk: Buffer) => {
    onOutput('stdout', chunk)
  })
  output.stderr?.on('data', (chunk: Buffer) => {
    onOutput('stderr', chunk)
  })
}

/** Waits for a command inside a container, and kills its process group after `timeoutMs`. */
export function execResultOf(
  child: ChildProcess,
  timeoutMs: number | undefined,
): Promise<ExecResult> {
  return new Promise((resolve) => {
    let output = ''
    forwardOutput(child, (_stream, chunk) => {
      if (output.length < EXEC_OUTPUT_BYTES) output += chunk.toString()
    })
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            resolve({
              exitCode: undefined,
              output: `command timed out after ${String(timeoutMs)}ms`,
            })
            killGroup(child.pid)
          }, timeoutMs)
    child.once('error', (error) => {
      clearTimeout(timer)
      resolve({ exitCode: undefined, output: error.message })
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ exitCode: exitCodeOf(code, signal), output })
    })
  })
}

/** SIGKILL to a whole process group; harmless when it is gone. */
export function killGroup(leaderPid: number | undefined): void {
  sendSignal(leaderPid === undefined ? undefined : -leaderPid, 'SIGKILL')
}

/** Sends a signal; harmless when the process is gone. */
export function sendSignal(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(pid, signal)
  } catch {
    // It ended in the meantime.
  }
}
