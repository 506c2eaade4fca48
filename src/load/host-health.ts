/** How the generator's own machine is; what cannot be read is absent. Instants are µs since the run began. */
export interface HostHealth {
  readonly atUs: number
  /** Share (0 to 1) of processor time in the last second that a hypervisor gave to others (`/proc/stat`). */
  readonly stealShare?: number
  /** Share of processor time in the last second that was not idle, over all cores. */
  readonly busyShare?: number
  /** Share of the last 10 s in which something waited for a processor (`/proc/pressure/cpu`, some avg10). */
  readonly cpuPressure?: number
  /** Open file descriptors of this process, and how many it may have. */
  readonly fds?: number
  readonly fdLimit?: number
  /** Local TCP ports taken towards the target, TIME_WAIT included, and how many there are. */
  readonly ports?: number
  readonly portRange?: number
  /** Resident memory of this process, bytes. */
  readonly rssBytes?: number
}
