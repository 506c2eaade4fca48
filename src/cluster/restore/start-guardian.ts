import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { siblingModule } from '../../base/sibling-module.ts'
import type { ConnectOptions } from '../connect.ts'

/** What the guardian is to watch over. Holds no secret: it is a command-line parameter. */
export interface GuardianTask {
  readonly connect: ConnectOptions
  readonly namespace: string
  readonly leaseName: string
  readonly run: string
  /** What it did goes here. */
  readonly logPath?: string
}

/** The guardian, as the run sees it. */
export interface Guardian {
  readonly pid: number
  /** Tells it that everything is put back, and waits for its end. */
  dismiss(): Promise<void>
}

const BEAT_MS = 1_000
const READY_WITHIN_MS = 30_000
const GONE_WITHIN_MS = 3_000

/**
 * Starts the process that puts back when this one cannot any more, and waits until it is connected. `onLost` is told
 * when it ends before it is dismissed.
 */
export async function startGuardian(
  task: GuardianTask,
  onLost: (problem: Problem) => void,
): Promise<Result<Guardian, Problem>> {
  const main = fileURLToPath(siblingModule(import.meta.url, './guardian-main'))
  const child = spawn(process.execPath, [main, JSON.stringify(task)], {
    // A session of its own: neither Ctrl-C nor the end of our process group reaches it.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => undefined)
  const closed = once(child, 'close').catch(() => undefined)
  const first = await firstLine(child.stdout)
  if (first !== 'ready' || child.pid === undefined) {
    child.stdin.destroy()
    return fail(notReady(first))
  }
  child.stdout.resume()
  let isDismissed = false
  const beating = setInterval(() => child.stdin.write('beat\n'), BEAT_MS)
  beating.unref()
  void closed.then(() => {
    clearInterval(beating)
    if (!isDismissed) onLost(ended)
  })
  child.unref()
  return succeed({
    pid: child.pid,
    async dismiss() {
      isDismissed = true
      clearInterval(beating)
      child.stdin.end('done\n')
      const force = setTimeout(() => child.kill('SIGKILL'), GONE_WITHIN_MS)
      await closed
      clearTimeout(force)
    },
  })
}

async function firstLine(output: NodeJS.ReadableStream): Promise<string | undefined> {
  const lines = createInterface({ input: output })
  const line = once(lines, 'line', { signal: AbortSignal.timeout(READY_WITHIN_MS) }).then(
    ([text]) => String(text),
    () => undefined,
  )
  const end = once(lines, 'close').then(() => undefined)
  return Promise.race([line, end])
}

const ended: Problem = {
  code: 'guardian-lost',
  message: 'the guardian process has ended; the run is stopped and what it changed is put back',
}

function notReady(line: string | undefined): Problem {
  let why = 'it ended before it was connected'
  try {
    if (line !== undefined) why = (JSON.parse(line) as Problem).message
  } catch {
    // Not a problem's text; the general words do.
  }
  return { code: 'guardian-failed', message: `the guardian process cannot work: ${why}` }
}
