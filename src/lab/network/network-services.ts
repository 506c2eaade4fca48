import type { Random } from '../../base/random.ts'
import type { Store } from '../api/store.ts'
import type { GroundTruth } from '../ground-truth.ts'

/** What the parts of the lab's network share. */
export interface NetworkServices {
  readonly store: Store
  readonly random: Random
  readonly truth: GroundTruth
  /** Keeps the addresses of labs on one machine apart; 0 for the first. */
  readonly labNumber: number
}
