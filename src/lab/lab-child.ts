import type { Problem } from '../base/problem.ts'
import type { Result } from '../base/result.ts'

/** What the lab's process is told: one JSON argument. */
export interface LabChildOptions {
  readonly directory: string
  readonly seed: number
  readonly port: number
  readonly pidNamespaces: boolean
  readonly truthPath?: string
}

/** What the lab's process says on stdout, once: one line of JSON. */
export type LabChildAnswer = Result<{ readonly port: number }, Problem>
