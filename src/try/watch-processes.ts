import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning } from './container-processes.ts'

const CLOSE_LOOK_MS = 600
const CLOSE_POLL_MS = 1
const POLL_MS = 5

/** Notes when each process has ended, on performance.now(), until all have or `deadlineMs`. */
export async function watchProcesses(
  pids: readonly number[],
  deadlineMs: number,
): Promise<ReadonlyMap<number, number>> {
  const ended = new Map<number, number>()
  const startedMs = performance.now()
  while (ended.size < pids.length && performance.now() < deadlineMs) {
    for (const pid of pids) {
      if (!ended.has(pid) && !isRunning(pid)) ended.set(pid, performance.now())
    }
    const isClose = performance.now() - startedMs < CLOSE_LOOK_MS
    await sleep(isClose ? CLOSE_POLL_MS : POLL_MS)
  }
  return ended
}
