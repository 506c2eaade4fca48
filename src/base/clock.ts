/** Microseconds on the machine's monotonic clock: one and the same for every thread and process of this boot. */
export const monotonicUs = (): number => Number(process.hrtime.bigint() / 1000n)

/** The clock of a run: integer microseconds since the run began. Never negative for instants after the start. */
export interface RunClock {
  /** The run's beginning on {@link monotonicUs}. */
  readonly startedAtUs: number
  readonly nowUs: () => number
}

/** A run clock that began at `startedAtUs` of {@link monotonicUs}. */
export function runClock(startedAtUs: number = monotonicUs()): RunClock {
  return { startedAtUs, nowUs: () => monotonicUs() - startedAtUs }
}
