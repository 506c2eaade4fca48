import type { ChangeType } from './cluster-change.ts'

/** What we learnt of what is around the workload, and of our own view of it. */
export type SurroundingsChange =
  | { readonly type: 'node'; readonly change: ChangeType; readonly node: NodeFacts }
  | {
      readonly type: 'autoscaler'
      readonly change: ChangeType
      readonly autoscaler: AutoscalerFacts
    }
  | { readonly type: 'budget'; readonly change: ChangeType; readonly budget: BudgetFacts }
  | { readonly type: 'not-watched'; readonly resource: string; readonly why: string }
  | { readonly type: 'clock-skew'; readonly skew: ClockSkewFacts }

export interface NodeFacts {
  readonly name: string
  readonly uid: string
  readonly ready: boolean
  readonly unschedulable: boolean
  /** Keys of its taints with their effects: `node.kubernetes.io/not-ready:NoExecute`. */
  readonly taints: readonly string[]
  /** Conditions other than Ready that are true: `MemoryPressure`. */
  readonly pressures: readonly string[]
  readonly kubeletVersion?: string
}

/** A HorizontalPodAutoscaler. */
export interface AutoscalerFacts {
  readonly name: string
  readonly uid: string
  /** What it scales: `Deployment/web`. */
  readonly target: string
  readonly minReplicas: number
  readonly maxReplicas: number
  readonly currentReplicas: number
  readonly desiredReplicas: number
}

/** A PodDisruptionBudget. */
export interface BudgetFacts {
  readonly name: string
  readonly uid: string
  readonly disruptionsAllowed: number
  readonly currentHealthy: number
  readonly desiredHealthy: number
  readonly expectedPods: number
}

/** By how much a clock of the cluster is ahead of ours: between the two, in ms; negative: behind. */
export interface ClockSkewFacts {
  /** `api-server`, or an Event's component with its host: `kubelet node-1`. */
  readonly emitter: string
  readonly lowMs: number
  readonly highMs: number
}
