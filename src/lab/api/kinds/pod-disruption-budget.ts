import type { KubeObject } from '../store.ts'
import type { LabelSelector } from './label-selector.ts'
import type { Condition } from './pod.ts'

/** A policy/v1 PodDisruptionBudget. */
export interface PodDisruptionBudget extends KubeObject {
  spec: PodDisruptionBudgetSpec
  status?: PodDisruptionBudgetStatus
}

export interface PodDisruptionBudgetSpec {
  /** A number or a percentage; at most one of the two is set. */
  minAvailable?: number | string
  maxUnavailable?: number | string
  selector?: LabelSelector
  /** What holds for pods that are not ready; absent: `IfHealthyBudget`. */
  unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow'
}

export interface PodDisruptionBudgetStatus {
  observedGeneration?: number
  disruptionsAllowed: number
  currentHealthy: number
  desiredHealthy: number
  expectedPods: number
  /** Pods whose eviction was allowed and that the controller has not seen go yet: name to time (RFC 3339). */
  disruptedPods?: Record<string, string>
  conditions?: Condition[]
}
