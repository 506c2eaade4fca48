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
  readonly rbac: boolean
}

/** What a client needs when RBAC is enforced. */
export interface LabCredentials {
  readonly adminToken: string
  /** PEM; the server's certificate and its own authority. */
  readonly certificate: string
}

/** What the lab's process says on stdout, once: one line of JSON. */
export type LabChildAnswer = Result<
  { readonly port: number; readonly credentials?: LabCredentials },
  Problem
>
