import type { SparseHistogram } from '../base/histogram.ts'
import type { ConnectionUse } from './request-failure.ts'

/** Length of the time a frame covers. */
export const FRAME_US = 100_000

/** Why a planned request was never sent. */
export type NotSentReason = 'connection-limit' | 'generator' | 'stopped'

/** What one generator thread did in 100 ms; counts are of this frame alone, so frames add up to the run. */
export interface LoadFrame {
  /** Where the 100 ms begin: a multiple of {@link FRAME_US} after the schedule's start. */
  readonly atUs: number
  /** Which generator thread, from 0; absent: 0. */
  readonly thread?: number
  /** Requests that fell due. */
  readonly due: number
  readonly sent: number
  readonly notSent: Partial<Record<NotSentReason, number>>
  /** Sent more than 10 ms after they were due. */
  readonly late: number
  /** In flight at the end of the frame. */
  readonly inFlight: number
  readonly connections: number
  /** Requests that ended in this frame, apart for connections new and reused. */
  readonly ended: Readonly<Record<ConnectionUse, EndedCounts>>
  /** sent − due of what was sent in this frame. */
  readonly sendLag: SparseHistogram
  /** Requests that ended in this frame by their tag; only those that have one. */
  readonly byTag?: Readonly<Record<string, EndedCounts>>
  /** How long requests that were due waited for a free connection; only those that waited. */
  readonly poolWait?: SparseHistogram
  /** ∫ requests in flight dt over this frame, in request·µs (Little's law). */
  readonly inFlightUs?: number
  /** Users that are active at the end of the frame; closed loop only. */
  readonly users?: number
  /** Time in which this thread's event loop was busy. */
  readonly busyUs?: number
  /** Time in which this thread collected garbage. */
  readonly gcUs?: number
  /** The longest this thread's event loop was away in this frame. */
  readonly loopDelayUs: number
  /** Who answered, by the identity header. */
  readonly answeredBy: Readonly<Record<string, AnsweredCounts>>
}

export interface EndedCounts {
  /** By {@link Outcome}; only those above 0. */
  readonly outcomes: Readonly<Record<string, number>>
  /** By HTTP status, whatever the outcome. */
  readonly statuses: Readonly<Record<string, number>>
  /** ended − due of the requests with outcome ok or bad. */
  readonly responseTime: SparseHistogram
  /** ended − sent of the same. */
  readonly serviceTime: SparseHistogram
  readonly bytesIn: number
}

/** Requests that one pod answered in this frame, and when the last of them had been sent. */
export interface AnsweredCounts {
  readonly new: number
  readonly reused: number
  readonly lastNewSentAtUs?: number
  readonly lastReusedSentAtUs?: number
}
