import type { TryResult } from './try-result.ts'

type Process = TryResult['processes'][number]

/** How many of `all` are above a process. */
export function processDepth(process: Process, all: readonly Process[]): number {
  const parent = all.find(({ containerPid }) => containerPid === process.parentContainerPid)
  return parent ? processDepth(parent, all) + 1 : 0
}
