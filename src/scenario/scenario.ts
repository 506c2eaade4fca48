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
  | { readonly kind: 'service' | 'ingress'; readonly name: string }
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

export interface LoadSpec {
  /** Requests per second, open loop; empty when `users` is there. */
  readonly schedule: readonly SchedulePart[]
  /** The load ends when the last step has, and the schedule is only its longest; absent: the schedule says. */
  readonly endsWithSteps?: true
  /** How many users at a time, closed loop: each sends its next request when the last one has ended. */
  readonly users?: readonly UsersPart[]
  /** `both`: every other request (of users: every other user) opens connections of its own. */
  readonly connections: 'reuse' | 'new' | 'both'
  /** A connection is closed after so many answers; absent: never for that. */
  readonly maxRequestsPerConnection?: number
  /** A connection gets no new request when it is older; absent: whatever its age. */
  readonly maxConnectionAgeUs?: number
  /** From the sending of a request to the last byte of its answer. */
  readonly timeoutUs: number
  /** At most so many connections at once; a request that would need one more waits. */
  readonly maxConnections: number
  /** A longer answer is a failure of class `protocol`; absent: {@link DEFAULT_MAX_RESPONSE_BYTES}. */
  readonly maxResponseBytes?: number
  /** The response header in which the answering pod names itself, in lower case. */
  readonly identityHeader: string
  /** In every request that does not have them itself. */
  readonly headers?: Readonly<Record<string, string>>
  /** Empty when `ammo` is there. */
  readonly requests: readonly RequestSpec[]
  readonly ammo?: AmmoSpec
  /** A CSV file, absolute; `{{csv.NAME}}` in a request is its column. */
  readonly csvPath?: string
  /** Absent: as many as the rate needs, at most one a core. */
  readonly threads?: number
  /** `spin`: a whole core for closer sending; absent: `timer`. */
  readonly pace?: 'timer' | 'spin'
  /** Absent: `raw` for HTTP/1.1, `undici` for HTTP/2. */
  readonly engine?: 'raw' | 'undici'
  /** Absent: `1.1`. */
  readonly http?: '1.1' | '2'
  /** How TLS is spoken when the address is https; absent: verified against the system's authorities. */
  readonly tls?: TlsSpec
}

export const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1_048_576

/** Tank's words; `step` is written out as `const` parts. Rates are requests per second. */
export type SchedulePart =
  | { readonly word: 'const'; readonly ratePerSecond: number; readonly durationUs: number }
  | {
      readonly word: 'line'
      readonly fromPerSecond: number
      readonly toPerSecond: number
      readonly durationUs: number
    }
  /** So many requests at one instant. */
  | { readonly word: 'once'; readonly requests: number; readonly durationUs: 0 }

/** The number of users goes from one value to another, evenly. */
export interface UsersPart {
  readonly fromUsers: number
  readonly toUsers: number
  readonly durationUs: number
}

export interface RequestSpec extends ResponseExpectation {
  readonly method: string
  /** Path and query, as it goes on the wire; may hold `{{seq}}`, `{{uuid}}`, `{{random}}`, `{{csv.NAME}}`. */
  readonly path: string
  /** Values may hold the same variables. */
  readonly headers: Readonly<Record<string, string>>
  /** May hold the same variables. */
  readonly body?: string
  readonly tag?: string
  /** How often it is sent, relative to the others; a whole number. */
  readonly weight: number
}

/** Which answers are ok. */
export interface ResponseExpectation {
  /** Empty: 200 to 399 are ok. */
  readonly okStatuses: readonly number[]
  /** Names in lower case, and what each value must contain; another answer is `bad-header`. */
  readonly okHeaders?: Readonly<Record<string, string>>
  /** Another answer is `bad-body`. */
  readonly okBody?: BodyExpectation
}

export interface BodyExpectation {
  /** Each must be in the body. */
  readonly contains: readonly string[]
  /** None may be in the body. */
  readonly not: readonly string[]
  /** Values that a JSON body must have. */
  readonly json: readonly JsonExpectation[]
}

export interface JsonExpectation {
  /** `data.items[0].id` as its steps. */
  readonly path: readonly (string | number)[]
  readonly value: string | number | boolean | null
}

/** Requests from a file, streamed. */
export interface AmmoSpec {
  /** Absolute; may end in `.gz`. */
  readonly path: string
  readonly format: AmmoFormat
  /** How often the file is read; absent: again and again. */
  readonly loops?: number
  /** At most so many requests; absent: no limit. */
  readonly limit?: number
  /** Of every request; absent: 200 to 399 are ok. */
  readonly expected?: ResponseExpectation
}

/** Tank's formats, and JSON lines as vegeta's targets. */
export const AMMO_FORMATS = ['uri', 'uripost', 'phantom', 'access', 'jsonlines'] as const

export type AmmoFormat = (typeof AMMO_FORMATS)[number]

export interface TlsSpec {
  /** The certificate is not verified. */
  readonly insecure?: boolean
  /** PEM files, absolute. */
  readonly caPath?: string
  readonly certPath?: string
  readonly keyPath?: string
  /** For SNI and verification; absent: the host of the URL. */
  readonly serverName?: string
}

/** One of Tank's autostop criteria; levels are counts a second or shares (0 to 1), times are µs. */
export type StopCriterion = {
  /** As the file has it. */
  readonly text: string
  /** Only requests with this tag; absent: all. */
  readonly tag?: string
} & (
  | { readonly kind: 'time'; readonly limitUs: number; readonly windowUs: number }
  | {
      readonly kind: 'quantile'
      /** 0 to 1. */
      readonly quantile: number
      readonly limitUs: number
      readonly windowUs: number
    }
  | { readonly kind: 'limit'; readonly durationUs: number }
  | {
      readonly kind: 'http' | 'net' | 'total_http' | 'total_net' | 'negative_http' | 'negative_net'
      /** `5xx`; `x` is any one digit. */
      readonly mask: string
      readonly level: StopLevel
      readonly windowUs: number
    }
  | { readonly kind: 'instances'; readonly level: StopLevel; readonly windowUs: number }
  | {
      readonly kind: 'total_time'
      readonly limitUs: number
      readonly level: StopLevel
      readonly windowUs: number
    }
  | { readonly kind: 'http_trend'; readonly mask: string; readonly windowUs: number }
  | {
      readonly kind: 'metric_higher' | 'metric_lower'
      /** A host's name, `*` standing for anything. */
      readonly host: string
      readonly metric: string
      readonly value: number
      readonly windowUs: number
    }
)

export type StopLevel =
  | { readonly unit: 'count'; readonly count: number }
  | { readonly unit: 'share'; readonly share: number }

export type Step = StepAction & {
  /** As the file names it, for people: `scale to 1`. */
  readonly label: string
  /** 1-based line in the scenario file. */
  readonly line: number
  /** Present: taken at the same time as the other branches of its group. */
  readonly beside?: StepBranch
}

/**
 * A part of a `parallel`. Its steps follow each other in the scenario: those of one group are one `parallel`, and in it
 * those of one branch are taken one after another.
 */
export interface StepBranch {
  /** From 0, in the order of the file. */
  readonly group: number
  readonly branch: number
}

/** At most, with every repeat written out. */
export const MAX_STEPS = 1_000

export type StepAction =
  | { readonly type: 'wait'; readonly durationUs: number }
  /** No request that ended in `durationUs` had failed; a step that fails after `timeoutUs`. */
  | { readonly type: 'wait-steady'; readonly durationUs: number; readonly timeoutUs: number }
  /** A command of the user's own, on this machine; its exit code must be 0. */
  | {
      readonly type: 'exec'
      readonly command: readonly string[]
      /** Absent: as long as the load. */
      readonly timeoutUs?: number
      /** Where it is run, absolute; absent: where podtank is. */
      readonly directory?: string
      /** The steps after it are taken all the same when it fails: what the traffic makes of its leavings is of interest. */
      readonly goesOnAfterFailure?: true
    }
  | { readonly type: 'wait-until'; readonly state: 'settled' | 'ready'; readonly timeoutUs: number }
  | { readonly type: 'scale'; readonly replicas: number }
  | { readonly type: 'restart' }
  | {
      readonly type: 'delete-pods'
      readonly pods: PodCount
      /** Absent: the pod's own; 0: force. */
      readonly gracePeriodSeconds?: number
    }
  | {
      readonly type: 'patch'
      readonly podTemplate: JsonObject
      /** Of a Deployment; of the other kinds it is their `updateStrategy`. */
      readonly strategy?: JsonObject
    }
  | { readonly type: 'image'; readonly image: string; readonly container?: string }
  /** Absent: the revision before the present one. */
  | { readonly type: 'undo'; readonly toRevision?: number }
  | (EvictSpec & { readonly type: 'evict'; readonly pods: PodCount })
  /** Absent node: the one with most of the workload's pods. */
  | (EvictSpec & { readonly type: 'drain'; readonly node?: string })
  | { readonly type: 'cordon'; readonly node?: string }
  /** `kubectl delete`; created again from its saved manifest when the run puts back. */
  | { readonly type: 'delete-workload' }

export interface EvictSpec {
  /** How long a refusal by a PodDisruptionBudget is asked again. */
  readonly timeoutUs: number
  /** Absent: the pod's own. */
  readonly gracePeriodSeconds?: number
}

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
