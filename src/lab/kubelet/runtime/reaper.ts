import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { siblingModule } from '../../../base/sibling-module.ts'

/** A process that outlives the lab for a moment, to end what the lab has left. */
export interface Reaper {
  /** Belongs into the environment of everything that must not outlive the lab. */
  readonly marker: Readonly<Record<string, string>>
  /** From now on this process group dies with the lab. */
  register(groupPid: number | undefined): void
  release(groupPid: number | undefined): void
  /** Has it kill what is left, and end. */
  close(): void
}

/** Starts the reaper; it acts when its pipe to this process ends, for whatever reason. */
export function startReaper(): Reaper {
  const id = randomUUID()
  const main = fileURLToPath(siblingModule(import.meta.url, './reaper-main'))
  const child = spawn(process.execPath, [main, id], {
    detached: true,
    // It inherits stdout: whoever waits for the end of the lab's output waits for the reaper too.
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  child.stdin.on('error', () => undefined)
  const tell = (sign: '+' | '-', groupPid: number | undefined) => {
    if (groupPid !== undefined) child.stdin.write(`${sign}${String(groupPid)}\n`)
  }
  return {
    marker: { PODTANK_LAB: id },
    register: (groupPid) => {
      tell('+', groupPid)
    },
    release: (groupPid) => {
      tell('-', groupPid)
    },
    close: () => {
      child.stdin.end()
    },
  }
}
