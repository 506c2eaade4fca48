import type { HostHealth } from './host-health.ts'
import { readCpuPressure } from './host/cpu-pressure.ts'
import { type CpuTimes, cpuShares, readCpuTimes } from './host/cpu-times.ts'
import { readFdLimit } from './host/fd-limit.ts'
import { countFds, countPorts, portSupply, readProc } from './host/read-proc.ts'

export interface WatchHostOptions {
  /** µs since the run began. */
  readonly nowUs: () => number
  /** Where the load goes; absent: ports are not counted. */
  readonly target?: { readonly host: string; readonly port: number }
  readonly onSample: (health: HostHealth) => void
  /** Told once when something will not be measured from here on. */
  readonly onNotice?: (message: string) => void
  /** Absent: once a second. */
  readonly everyMs?: number
}

/**
 * Looks at the machine once a second until it is closed, the first time at once. All reading is done off this thread,
 * and a look that takes long delays the next one. On other systems than Linux a sample holds the memory alone.
 */
export function watchHost(options: WatchHostOptions): { close(): void } {
  const watch = new HostWatch(options)
  watch.look()
  return watch
}

class HostWatch {
  readonly #options: WatchHostOptions
  #cpu: CpuTimes | undefined
  #countsPorts: boolean
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: WatchHostOptions) {
    this.#options = options
    this.#countsPorts = options.target !== undefined
  }

  look(): void {
    void this.#sample().then((health) => {
      if (this.#isClosed) return
      this.#options.onSample(health)
      this.#timer = setTimeout(() => this.look(), this.#options.everyMs ?? 1_000)
      this.#timer.unref()
    })
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  async #sample(): Promise<HostHealth> {
    const [shares, pressure, fds, limits, ports] = await Promise.all([
      this.#cpuShares(),
      readProc('pressure/cpu'),
      countFds(),
      readProc('self/limits'),
      this.#ports(),
    ])
    const cpuPressure = pressure === undefined ? undefined : readCpuPressure(pressure)
    const fdLimit = limits === undefined ? undefined : readFdLimit(limits)
    return {
      atUs: this.#options.nowUs(),
      ...shares,
      ...(cpuPressure !== undefined && { cpuPressure }),
      ...(fds !== undefined && { fds }),
      // Infinity is not JSON.
      ...(fdLimit !== undefined && Number.isFinite(fdLimit) && { fdLimit }),
      ...ports,
      rssBytes: process.memoryUsage.rss(),
    }
  }

  async #cpuShares(): Promise<Pick<HostHealth, 'stealShare' | 'busyShare'>> {
    const stat = await readProc('stat')
    const before = this.#cpu
    this.#cpu = stat === undefined ? undefined : readCpuTimes(stat)
    return (before && this.#cpu && cpuShares(before, this.#cpu)) ?? {}
  }

  async #ports(): Promise<Pick<HostHealth, 'ports' | 'portRange'>> {
    const { target, onNotice } = this.#options
    if (!target || !this.#countsPorts) return {}
    const supply = await portSupply(target.host)
    if (!supply) return {}
    const ports = await countPorts(target, supply.heldUs)
    if (ports === 'too-many') {
      this.#countsPorts = false
      onNotice?.('ports in use are no longer counted: this machine has too many sockets to list')
    }
    return typeof ports === 'number' ? { ports, portRange: supply.count } : {}
  }
}
