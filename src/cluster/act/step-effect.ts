import type { Problem } from '../../base/problem.ts'
import type { Result } from '../../base/result.ts'
import type { PodFacts } from '../cluster-change.ts'
import type { ClusterConnection } from '../connect.ts'
import type { Workload } from '../find-workload.ts'
import type { ChangeSession } from '../restore/open-session.ts'

/** What a step's action works on. */
export interface ActionContext {
  readonly connection: ClusterConnection
  readonly workload: Workload
  /** The workload's pods as the watch has them now, ending ones too. */
  readonly pods: () => readonly PodFacts[]
  /** Every change of an object goes through it, so that nothing can lose the way back. */
  readonly session: Pick<ChangeSession, 'change' | 'deleteWorkload'>
  /** Aborts what an action waits for. */
  readonly signal: AbortSignal
}

/** What a step did. */
export interface StepEffect {
  /** In words: `10 → 1 replicas`. */
  readonly detail: string
  /** Pods that the step chose. */
  readonly pods?: readonly string[]
}

export type Action = (context: ActionContext) => Promise<Result<StepEffect, Problem>>
