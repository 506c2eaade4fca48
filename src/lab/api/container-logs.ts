import type { Readable } from 'node:stream'

/** The kubelet's side of `pods/log`. */
export interface ContainerLogs {
  /** The log as text; undefined when the container never had one (for `previous`: never ran before). */
  open(options: ContainerLogOptions): Readable | undefined
}

export interface ContainerLogOptions {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  /** Stay open until the container is gone. */
  readonly follow: boolean
  /** Begin each line with its RFC 3339 time in nanoseconds. */
  readonly timestamps: boolean
  /** The container before the last restart. */
  readonly previous: boolean
  readonly tailLines?: number
  /** Only lines of this moment or later. */
  readonly sinceEpochMs?: number
  /** No more than this. */
  readonly limitBytes?: number
}
