import type { Problem } from '../../base/problem.ts'
import type { Result } from '../../base/result.ts'
import type { ClusterConnection } from '../connect.ts'
import type { Workload } from '../find-workload.ts'

/** What a step's action works on. */
export interface ActionContext {
  readonly connection: ClusterConnection
  readonly workload: Workload
  /** Names of the workload's pods that are not ending, those ready first. */
  readonly podNames: () => readonly string[]
}

/** What a step did. */
export interface StepEffect {
  /** In words: `10 → 1 replicas`. */
  readonly detail: string
  /** Pods that the step chose. */
  readonly pods?: readonly string[]
  /** The way back; absent when there is nothing to put back. */
  readonly undo?: () => Promise<Result<void, Problem>>
}

export type Action = (context: ActionContext) => Promise<Result<StepEffect, Problem>>
