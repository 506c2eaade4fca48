import type { StopCriterion } from '../../scenario/scenario.ts'

/** A stop criterion that held. Instants are µs since the run began. */
export interface StopFired {
  readonly atUs: number
  /** As the file has it. */
  readonly criterion: string
  readonly criterionKind: StopCriterion['kind']
  /** Yandex.Tank's exit code for this kind: 21 to 32 (load-generators 3.2). */
  readonly tankExitCode: number
  /** Where the first second begins in which it held. */
  readonly firstBadAtUs: number
  /** Requests that fell due in that second: the capacity found (Tank's `imbalance_rps`). */
  readonly ratePerSecond: number
  /** What was seen, for people: `http 5xx 12.5 % ≥ 10 % for 5 s`. */
  readonly seen: string
}
