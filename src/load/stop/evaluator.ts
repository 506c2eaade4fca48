import type { HostHealth } from '../host-health.ts'
import type { Slice } from './gather-slices.ts'

/** A criterion that holds. Instants are µs since the run began. */
export interface Held {
  readonly firstBadAtUs: number
  /** Requests that fell due in the second that begins there. */
  readonly ratePerSecond: number
  /** What was seen, for people. */
  readonly seen: string
}

/** How near a criterion is. */
export interface StopProgress {
  readonly heldUs: number
  readonly windowUs: number
  /** What was seen last, for people; empty before the first second. */
  readonly seen: string
}

/** Judges one criterion, slice by slice. */
export interface Evaluator {
  /** `host`: the last that is known of the machine. */
  push(slice: Slice, host: HostHealth | undefined): Held | undefined
  progress(): StopProgress
}
