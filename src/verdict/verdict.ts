/** What came out of a run, and why. */
export interface Verdict {
  readonly outcome: 'passed' | 'failed' | 'inconclusive' | 'aborted'
  /** One sentence that a manager can read. */
  readonly sentence: string
  readonly expectations: readonly ExpectationResult[]
  readonly ledger: Ledger
  /** Every signal of the generator's health, whether good or not. */
  readonly validity: readonly ValidityCheck[]
}

export interface ExpectationResult {
  readonly text: string
  /** `no-samples` counts as failed: nothing seen is never a pass. */
  readonly state: 'met' | 'not-met' | 'no-samples'
  /** What was seen, for people: `47`, `0.078 %`, `312 ms`. */
  readonly observed: string
}

/** The books: planned = sent + Σ notSent, and sent = Σ outcomes, in integers. */
export interface Ledger {
  readonly planned: number
  readonly sent: number
  readonly notSent: Readonly<Record<string, number>>
  readonly outcomes: Readonly<Record<string, number>>
  readonly balances: boolean
  /** The equation that does not hold, with both sides; absent when all hold. */
  readonly imbalance?: string
}

/** One signal against its threshold; `refuse` makes the run inconclusive. */
export interface ValidityCheck {
  readonly name: string
  readonly observed: string
  readonly threshold: string
  readonly state: 'good' | 'warn' | 'refuse'
}
