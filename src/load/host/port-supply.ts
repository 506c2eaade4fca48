import { isIPv6 } from 'node:net'

/** How many local ports there are towards one address, and how long one stays taken once we have closed first. */
export interface PortSupply {
  readonly count: number
  /** TIME_WAIT is 60 s (TCP_TIMEWAIT_LEN), unless the kernel may use the port again before. */
  readonly heldUs: number
}

const TIME_WAIT_US = 60_000_000
const DEFAULT_REUSE_DELAY_MS = 1_000

/** Texts of files below `/proc/sys/net/ipv4`; they hold for IPv6 too. */
export interface PortSettings {
  readonly ip_local_port_range: string
  /** Absent before Linux 4.12 or so: not reused. */
  readonly tcp_tw_reuse?: string
  /** Absent before Linux 6.14: 1,000 ms. */
  readonly tcp_tw_reuse_delay?: string
  /** 0: no timestamps, and without them no port in TIME_WAIT is used again. */
  readonly tcp_timestamps?: string
}

/**
 * Reads what Documentation/networking/ip-sysctl.rst says of ports: `tcp_tw_reuse` 1 is for every address, 2 (the
 * default) only for loopback. Undefined when the range cannot be read.
 */
export function readPortSupply(settings: PortSettings, host: string): PortSupply | undefined {
  const [low, high] = settings.ip_local_port_range.trim().split(/\s+/).map(Number)
  if (low === undefined || high === undefined || !(high >= low)) return undefined
  const reuse = settings.tcp_tw_reuse?.trim()
  const isReused =
    settings.tcp_timestamps?.trim() !== '0' &&
    (reuse === '1' || (reuse === '2' && isLoopback(host)))
  const delayMs = Number(settings.tcp_tw_reuse_delay ?? DEFAULT_REUSE_DELAY_MS)
  return { count: high - low + 1, heldUs: isReused ? delayMs * 1_000 : TIME_WAIT_US }
}

const isLoopback = (host: string): boolean =>
  isIPv6(host) ? /^(?:::1|::ffff:127\..*)$/i.test(host) : host.startsWith('127.')
