import type { LoadSpec } from '../scenario/scenario.ts'

/**
 * How long before its schedule begins a plan should be handed over, so that the thread can start and warm up
 * (docs/benchmarks.md). With less, the load is late in its first 100 ms at high rates.
 */
export const LOAD_LEAD_US = 700_000

/** Where the load goes; resolved once, before the start, and pinned. */
export interface LoadAddress {
  /** An IP address. */
  readonly host: string
  readonly port: number
  /** For the Host header. */
  readonly hostHeader: string
  /** Present: TLS is spoken. */
  readonly tls?: TlsMaterial
}

/** What TLS needs, read from its files before the start. */
export interface TlsMaterial {
  readonly serverName: string
  readonly insecure: boolean
  /** PEM; absent: the system's authorities. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Everything a generator thread needs; plain data, so that it can be sent to one. */
export interface LoadPlan {
  readonly load: LoadSpec
  readonly address: LoadAddress
  /** The run's beginning on the machine's monotonic clock, µs. */
  readonly runStartedAtUs: number
  /** When the schedule begins, µs since the run began. */
  readonly loadStartsAtUs: number
  /** Absent: one thread. */
  readonly thread?: ThreadShare
  /** Every request is told too, as a line of this form. */
  readonly requestLog?: RequestLogFormat
  /** Failures beyond this number are only counted. */
  readonly maxListedFailures: number
}

/** Thread `index` of `count` takes the requests (or users) index, index + count, index + 2·count … */
export interface ThreadShare {
  readonly index: number
  readonly count: number
}

/** `phout` is Tank's. */
export type RequestLogFormat = 'phout' | 'ndjson'

/** How many of the first `total` requests or users are a thread's. */
export const countOfShare = (total: number, { index, count }: ThreadShare): number =>
  Math.max(0, Math.ceil((total - index) / count))
