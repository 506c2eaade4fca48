import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Who is killed at the n-th call of the run. */
export const VICTIMS = ['run', 'guardian', 'both', 'group'] as const
export type Victim = (typeof VICTIMS)[number]

/** A process of the sweep, and what it has said. */
export type Started = ChildProcess & {
  readonly ended: Promise<unknown>
  readonly said: () => string
}

/** Starts a file beside this one; it and what it starts can be found by the marker. */
export function start(file: string, parameters: readonly string[], marker = ''): Started {
  // A group of its own, so that all of it can be killed.
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...parameters], {
    detached: true,
    env: { ...process.env, PODTANK_TEST_MARKER: marker },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (piece) => (text += String(piece)))
  return Object.assign(child, { ended: once(child, 'close'), said: () => text })
}

/** The guardian of a victim. */
export interface SeenGuardian {
  /** Once the victim has said it. */
  pid(): number | undefined
  /** Resolves when its process has ended. */
  gone(): Promise<void>
}

/** What is known of a victim's guardian, from what the victim says. */
export function guardianOf(victim: Started): SeenGuardian {
  const pid = () => {
    const found = /guardian (\d+)/.exec(victim.said())?.[1]
    return found === undefined || found === '0' ? undefined : Number(found)
  }
  return {
    pid,
    async gone() {
      const own = pid()
      const deadline = performance.now() + 20_000
      while (own !== undefined && isAlive(own)) {
        if (performance.now() > deadline) throw new Error('the guardian does not end')
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
  }
}

/** Not a zombie either: nobody but init collects a guardian whose parent is dead. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
  } catch {
    return false
  }
}

/** SIGKILL to whom it may concern; resolves when the run is dead, if it is to be. */
export async function killAll(victim: Victim, child: Started, guardianPid: number | undefined) {
  const { pid } = child
  if (pid === undefined) return
  if (victim === 'group') process.kill(-pid, 'SIGKILL')
  if (victim === 'run' || victim === 'both') process.kill(pid, 'SIGKILL')
  if (guardianPid !== undefined && (victim === 'guardian' || victim === 'both')) {
    process.kill(guardianPid, 'SIGKILL')
  }
  if (victim !== 'guardian') await child.ended
}

/** A kubeconfig for an API server that asks for no credentials. */
export const kubeconfigFor = (url: string) => `apiVersion: v1
kind: Config
clusters: [{ name: lab, cluster: { server: "${url}", insecure-skip-tls-verify: true } }]
users: [{ name: lab, user: {} }]
contexts: [{ name: lab, context: { cluster: lab, user: lab } }]
current-context: lab
`
