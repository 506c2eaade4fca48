/** What to run: a scenario file in its normal form, every default filled in, every duration in µs. */
export interface Scenario {
  readonly name: string
  readonly about?: string
  readonly changed: TargetSpec
  readonly load: LoadSpec
  readonly steps: readonly Step[]
  readonly expectations: readonly Expectation[]
  /** Absolute paths of manifests; applied to the lab before the run. */
  readonly manifests: readonly string[]
  /** Present when the file asks for the lab. */
  readonly lab?: LabSpec
}

/** What is changed and watched, and the way the load takes to it. */
export interface TargetSpec {
  readonly workload: WorkloadRef
  readonly through: Through
  /** Absent: the context's namespace. */
  readonly namespace?: string
}

export interface WorkloadRef {
  readonly kind: 'deployment'
  readonly name: string
}

export type Through =
  | { readonly kind: 'service' | 'ingress'; readonly name: string }
  | { readonly kind: 'url'; readonly url: string }

export interface LabSpec {
  /** Every delay and choice of the lab follows from it. */
  readonly seed: number
}

export interface LoadSpec {
  readonly schedule: readonly SchedulePart[]
  /** `both`: every other request opens a connection of its own. */
  readonly connections: 'reuse' | 'new' | 'both'
  /** From the sending of a request to the last byte of its answer. */
  readonly timeoutUs: number
  /** At most so many connections at once; a request that would need one more is not sent. */
  readonly maxConnections: number
  /** The response header in which the answering pod names itself, in lower case. */
  readonly identityHeader: string
  readonly requests: readonly RequestSpec[]
}

/** Tank's words; `step` is written out as `const` parts. Rates are requests per second. */
export type SchedulePart =
  | { readonly word: 'const'; readonly ratePerSecond: number; readonly durationUs: number }
  | {
      readonly word: 'line'
      readonly fromPerSecond: number
      readonly toPerSecond: number
      readonly durationUs: number
    }

export interface RequestSpec {
  readonly method: string
  /** Path and query, as it goes on the wire. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly tag?: string
  /** How often it is sent, relative to the others; a whole number. */
  readonly weight: number
  /** Empty: 200 to 399 are ok. */
  readonly okStatuses: readonly number[]
}

export type Step = StepAction & {
  /** As the file names it, for people: `scale to 1`. */
  readonly label: string
  /** 1-based line in the scenario file. */
  readonly line: number
}

export type StepAction =
  | { readonly type: 'wait'; readonly durationUs: number }
  | { readonly type: 'wait-until'; readonly state: 'settled' | 'ready'; readonly timeoutUs: number }
  | { readonly type: 'scale'; readonly replicas: number }
  | { readonly type: 'restart' }
  | {
      readonly type: 'delete-pods'
      readonly pods: PodCount
      /** Absent: the pod's own; 0: force. */
      readonly gracePeriodSeconds?: number
    }
  | { readonly type: 'patch'; readonly podTemplate: JsonObject; readonly strategy?: JsonObject }
  | { readonly type: 'image'; readonly image: string; readonly container?: string }

/** How many of the workload's pods. */
export type PodCount =
  | { readonly unit: 'pods'; readonly count: number }
  | { readonly unit: 'percent'; readonly percent: number }

export type JsonObject = Readonly<Record<string, unknown>>

/** One line of `expect:`. */
export interface Expectation {
  readonly text: string
  readonly metric: Metric
  readonly filter: { readonly class?: string; readonly tag?: string; readonly connection?: string }
  readonly operator: '<' | '<=' | '>' | '>=' | '=='
  /** In the metric's own unit: a count, a share (0 to 1), or µs. */
  readonly limit: number
  readonly unit: 'count' | 'share' | 'us'
  /** Absent: the whole run. */
  readonly scope?: { readonly when: 'during' | 'after'; readonly name: string }
}

export type Metric =
  | { readonly name: 'failed' }
  | { readonly name: 'responseTime'; readonly quantile: number }
  | { readonly name: 'recovery' }
