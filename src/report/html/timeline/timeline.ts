/**
 * Everything that is drawn over time, ready to draw: the data of the static charts, and what the page's
 * script finds in the file. Instants are µs since the run began.
 */
export interface Timeline {
  readonly lengthUs: number
  /** False: load alone, without steps, pods, endpoints and watches. */
  readonly hasCluster: boolean
  /** False: pods were watched and nothing else, without requests, steps and generator. */
  readonly hasLoad: boolean
  readonly series: Series
  readonly steps: readonly StepSpan[]
  readonly pods: readonly PodLane[]
  /** Pods that nothing happened to and that have no lane of their own for want of room. */
  readonly quietPods: number
  readonly endpoints: readonly { readonly atUs: number; readonly ready: number }[]
  readonly gaps: readonly GapSpan[]
  readonly windows: readonly WindowSpan[]
  /** When the first disruptive step began. */
  readonly disruptedUs?: number
}

/** Counts and quantiles by bins of equal length from 0 on. */
export interface Series {
  readonly binUs: number
  readonly planned: readonly number[]
  readonly sent: readonly number[]
  /** By when they were answered. */
  readonly ok: readonly number[]
  /** The class with most failures first; by when the requests were due, where that is known. */
  readonly failures: readonly { readonly name: string; readonly counts: readonly number[] }[]
  /** Response times of answered requests, by when they were answered; null without answers. */
  readonly p50Us: readonly (number | null)[]
  readonly p95Us: readonly (number | null)[]
  readonly p99Us: readonly (number | null)[]
  readonly maxUs: readonly (number | null)[]
  readonly sendLagP99Us: readonly (number | null)[]
  readonly loopDelayUs: readonly number[]
  /** Of the generator's machine (0 to 1), the highest in each bin; absent when it was never measured. */
  readonly busyShare?: readonly (number | null)[]
  readonly stealShare?: readonly (number | null)[]
}

export interface StepSpan {
  readonly label: string
  readonly fromUs: number
  readonly toUs: number
  readonly disruptive: boolean
  readonly state: string
}

export type PodCondition = 'starting' | 'not-ready' | 'ready' | 'ending' | 'exited'

export interface PodLane {
  readonly name: string
  readonly spans: readonly {
    readonly fromUs: number
    readonly toUs: number
    readonly condition: PodCondition
  }[]
  readonly deletedUs?: number
  /** An estimate: the stop signal itself is invisible. */
  readonly stopSignalUs?: number
  readonly exitUs?: number
  readonly exitText?: string
  readonly goneUs?: number
  /** Failures of this pod alone. */
  readonly failedUs: readonly number[]
  /** Failures of one of several pods, this one among them. */
  readonly perhapsUs: readonly number[]
}

export interface GapSpan {
  readonly resource: string
  readonly fromUs: number
  readonly toUs: number
  readonly why: string
}

export interface WindowSpan {
  readonly number: number
  readonly fromUs: number
  readonly toUs: number
  readonly failed: number
  readonly pods: readonly string[]
}
