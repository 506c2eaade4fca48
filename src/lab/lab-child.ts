import type { Problem } from '../base/problem.ts'
import type { Result } from '../base/result.ts'
import type { FaultRule } from './api/faults/fault.ts'
import type { LabNetwork } from './network/lab-network.ts'

/** What the lab's process is told: one JSON argument. */
export interface LabChildOptions {
  readonly directory: string
  readonly seed: number
  readonly port: number
  readonly nodes: number
  readonly pidNamespaces: boolean
  readonly network: LabNetwork
  readonly truthPath?: string
  readonly faults: readonly FaultRule[]
}

/** What the lab's process says on stdout, once: one line of JSON. */
export type LabChildAnswer = Result<{ readonly port: number }, Problem>
