/** Processor time since boot over all cores, in clock ticks; sums of columns of `/proc/stat`. */
export interface CpuTimes {
  readonly total: number
  readonly idle: number
  readonly steal: number
}

/** Reads the first line of `/proc/stat` (proc_stat(5)): user nice system idle iowait irq softirq steal …; undefined for anything else. */
export function readCpuTimes(stat: string): CpuTimes | undefined {
  const line = /^cpu +([\d ]+)$/m.exec(stat)?.[1]
  // What guests use (columns 9 and 10) is already within user and nice.
  const columns = line?.trim().split(/ +/).map(Number).slice(0, 8)
  if (!columns || columns.length < 8) return undefined
  const [, , , idle = 0, ioWait = 0, , , steal = 0] = columns
  const total = columns.reduce((sum, ticks) => sum + ticks, 0)
  return { total, idle: idle + ioWait, steal }
}

/** Shares (0 to 1) of the processor time between two readings; undefined when no tick has passed. */
export function cpuShares(
  before: CpuTimes,
  after: CpuTimes,
): { readonly stealShare: number; readonly busyShare: number } | undefined {
  const total = after.total - before.total
  if (total <= 0) return undefined
  // The kernel lets idle and iowait run backwards now and then (proc_stat(5)).
  const share = (ticks: number) => Math.min(1, Math.max(0, ticks / total))
  return {
    stealShare: share(after.steal - before.steal),
    busyShare: share(total - (after.idle - before.idle)),
  }
}
