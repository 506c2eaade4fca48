import type { Random } from '../../base/random.ts'
import type { Store } from '../api/store.ts'
import type { GroundTruth } from '../ground-truth.ts'
import type { LabAddresses } from './lab-addresses.ts'
import type { LabNetwork } from './lab-network.ts'

/** What the parts of the lab's network share. */
export interface NetworkServices {
  readonly store: Store
  readonly random: Random
  readonly truth: GroundTruth
  readonly addresses: LabAddresses
  readonly network: LabNetwork
  /** Files of programs that run in the network are under it. */
  readonly directory: string
}
