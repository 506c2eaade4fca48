import type { LoadSpec } from './load-spec.ts'
import type { Step } from './step.ts'
import type { StopCriterion } from './stop-criterion.ts'

export * from './load-spec.ts'
export * from './step.ts'
export type * from './stop-criterion.ts'

/** What to run: a scenario file in its normal form, every default filled in, every duration in µs. */
export interface Scenario {
  readonly name: string
  readonly about?: string
  /** Absent: load alone, no cluster. */
  readonly changed?: TargetSpec
  readonly load: LoadSpec
  readonly steps: readonly Step[]
  readonly expectations: readonly Expectation[]
  /** Any of them ends the run when it holds; absent: none. */
  readonly stopCriteria?: readonly StopCriterion[]
  /** Absolute paths of manifests; applied to the lab before the run. */
  readonly manifests: readonly string[]
  /** Present when the file asks for the lab. */
  readonly lab?: LabSpec
}

/** A scenario that changes something in a cluster. */
export interface ClusterScenario extends Scenario {
  readonly changed: TargetSpec
}

/** What is changed and watched, and the way the load takes to it. */
export interface TargetSpec {
  readonly workload: WorkloadRef
  readonly through: Through
  /** Absent: the context's namespace. */
  readonly namespace?: string
}

export interface WorkloadRef {
  readonly kind: 'deployment' | 'statefulset' | 'daemonset'
  readonly name: string
}

export type Through =
  /** `port`: its name or number; absent: the first. */
  | { readonly kind: 'service'; readonly name: string; readonly port?: string }
  | { readonly kind: 'ingress' | 'httproute'; readonly name: string }
  /** `namespace`: where the Gateway is; absent: beside the workload. */
  | { readonly kind: 'gateway'; readonly name: string; readonly namespace?: string }
  | { readonly kind: 'url'; readonly url: string }

export interface LabSpec {
  /** Every delay and choice of the lab follows from it. */
  readonly seed: number
  /** How pods get their addresses; absent: the best that the machine allows. */
  readonly network?: LabNetworkForm
  /** Absent: one. */
  readonly nodes?: number
}

/** The lab's forms of network; `auto` is the best that the machine allows. */
export const LAB_NETWORKS = ['auto', 'kernel', 'namespaces', 'loopback'] as const

export type LabNetworkForm = (typeof LAB_NETWORKS)[number]

export type JsonObject = Readonly<Record<string, unknown>>

/** One line of `expect:`. */
export interface Expectation {
  readonly text: string
  readonly metric: Metric
  readonly filter: { readonly class?: string; readonly tag?: string; readonly connection?: string }
  readonly operator: '<' | '<=' | '>' | '>=' | '=='
  /** In the metric's own unit: a count, a share (0 to 1), µs, or a rate per second. */
  readonly limit: number
  readonly unit: 'count' | 'share' | 'us' | 'per-second'
  /** Absent: the whole run. */
  readonly scope?: { readonly when: 'during' | 'after'; readonly name: string }
}

export type Metric =
  | { readonly name: 'failed' }
  | { readonly name: 'responseTime' | 'serviceTime'; readonly quantile: number }
  /** Requests that got an answer, in each second. */
  | { readonly name: 'rate' }
  | { readonly name: 'recovery' }
