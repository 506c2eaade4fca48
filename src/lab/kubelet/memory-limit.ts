import { readFileSync } from 'node:fs'
import type { Container } from '../api/kinds/pod.ts'
import { parseQuantity } from './parse-quantity.ts'
import type { ContainerProcess } from './runtime/container-process.ts'

const LOOK_EVERY_MS = 100

/** `resources.limits.memory` in bytes; undefined when there is none. */
export function memoryLimitBytes({ resources }: Container): number | undefined {
  const limit = resources?.limits?.['memory']
  return limit === undefined ? undefined : parseQuantity(limit)
}

/**
 * Calls back once when the container has more memory than `limitBytes`. There is no cgroup: every 100 ms the anonymous
 * and shared resident memory of its processes is added up from /proc, so a fast hog may be seen a little late. Gives
 * the way to stop.
 */
export function watchMemory(
  process: Pick<ContainerProcess, 'firstPid'>,
  limitBytes: number,
  onExceeded: () => void,
): () => void {
  const timer = setInterval(() => {
    const pid = process.firstPid()
    if (pid === undefined || residentBytes(pid) <= limitBytes) return
    clearInterval(timer)
    onExceeded()
  }, LOOK_EVERY_MS)
  return () => {
    clearInterval(timer)
  }
}

/** What a process and all its descendants hold. */
function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
    const fields = status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)
    const ownBytes = [...fields].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0)
    const task = `/proc/${String(pid)}/task/${String(pid)}/children`
    const children = readFileSync(task, 'utf8').trim().split(' ').filter(Boolean)
    return children.reduce((sum, child) => sum + residentBytes(Number(child)), ownBytes)
  } catch {
    return 0
  }
}
