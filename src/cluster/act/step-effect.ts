import type { Problem } from '../../base/problem.ts'
import type { Result } from '../../base/result.ts'
import type { PodFacts } from '../cluster-change.ts'
import type { ClusterConnection } from '../connect.ts'
import type { Workload } from '../find-workload.ts'

/** What a step's action works on. */
export interface ActionContext {
  readonly connection: ClusterConnection
  readonly workload: Workload
  /** The workload's pods as the watch has them now, ending ones too. */
  readonly pods: () => readonly PodFacts[]
  /** To be told of the way back as soon as something was changed, so that nothing that follows can lose it. */
  readonly onUndo: (putBack: WayBack) => void
  /** Aborts what an action waits for. */
  readonly signal: AbortSignal
}

/** Puts back what an action changed; may be called again when it failed. */
export type WayBack = () => Promise<Result<void, Problem>>

/** What a step did. */
export interface StepEffect {
  /** In words: `10 → 1 replicas`. */
  readonly detail: string
  /** Pods that the step chose. */
  readonly pods?: readonly string[]
}

export type Action = (context: ActionContext) => Promise<Result<StepEffect, Problem>>
