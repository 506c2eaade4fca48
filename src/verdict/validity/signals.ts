/** One row of the gate: beyond `warn` a reader must know of it, beyond `refuse` the run proves nothing. */
export interface Signal {
  readonly name: string
  readonly unit: 'us' | 'share'
  readonly warn: number
  readonly refuse: number
  /** Why a generator may have been late, not a sign that it was: refuses only beside a sign that refuses. */
  readonly isReason?: true
}

/**
 * Every threshold of the validity gate (reliability-security 3; what was measured, and where this differs from it, is
 * in docs/validity.md). Names and thresholds are stable: result.json has them.
 */
export const SIGNALS = {
  /** sent − due: open loop. */
  sendLag: { name: 'send lag p99', unit: 'us', warn: 5_000, refuse: 20_000 },
  /** Sent more than 10 ms after they were due: open loop. fortio's 5 % is too lax for a p99. */
  lateSends: { name: 'late sends', unit: 'share', warn: 0.001, refuse: 0.01 },
  notSent: { name: 'not sent', unit: 'share', warn: 0, refuse: 0.001 },
  /** Beyond `refuse` of the response time's p99, and beyond `warn`. */
  poolWait: { name: 'pool wait p99', unit: 'us', warn: 10_000, refuse: 0.5 },
  /** What an event waited for the loop of the worst thread in 99 % of the time. */
  loopDelay: { name: 'event-loop delay p99', unit: 'us', warn: 10_000, refuse: 50_000 },
  /** Share of the time at which an answer waits more than 10 ms to be read; what late sends are in the open loop. */
  loopAway: { name: 'event loop away', unit: 'share', warn: 0.001, refuse: 0.01 },
  /** Of the worst thread; says nothing of a thread that spins. */
  loopBusy: {
    name: 'event-loop utilisation',
    unit: 'share',
    warn: 0.7,
    refuse: 0.9,
    isReason: true,
  },
  gc: { name: 'GC share', unit: 'share', warn: 0.02, refuse: 0.05, isReason: true },
  steal: { name: 'host steal', unit: 'share', warn: 0.1, refuse: 0.25, isReason: true },
  pressure: { name: 'CPU pressure', unit: 'share', warn: 0.1, refuse: 0.25, isReason: true },
  generator: { name: 'generator failures', unit: 'share', warn: 0, refuse: 0.0001 },
  /** None left is followed by generator failures, which refuse. */
  descriptors: { name: 'file descriptors', unit: 'share', warn: 0.6, refuse: 0.99 },
  ports: { name: 'ports to the target', unit: 'share', warn: 0.6, refuse: 0.9 },
  /** |∫ in flight dt ÷ Σ service time − 1|: two ways through the bookkeeping to one number. */
  littlesLaw: { name: "Little's law", unit: 'share', warn: 0.05, refuse: 0.2 },
  /** Of those that each thread should have told. */
  missingFrames: { name: 'frames missing', unit: 'share', warn: 0, refuse: 0.01 },
} as const satisfies Record<string, Signal>
