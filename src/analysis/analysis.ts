import type { ConnectionUse, Outcome } from '../recording/entry.ts'

/** Everything that was derived from a recording: which harm came from which cause. */
export interface Analysis {
  readonly windows: readonly FailureWindow[]
  /** All causes found, the one with most failures first. */
  readonly causes: readonly CauseFound[]
  /** The cause of each listed failure, by its `seq`. */
  readonly causeOf: ReadonlyMap<number, Attribution>
  readonly pods: readonly PodStory[]
  readonly drain: DrainSummary
  /** Present when requests failed or were at risk because pods stopped. */
  readonly advice?: ShutdownAdvice
}

/** Ids of causes, as in `docs/causes.md` (k8s-mechanics 5.2). */
export const CAUSE_IDS = [
  'EXIT_BEFORE_DEREGISTER',
  'INFLIGHT_CUT_AT_TERM',
  'SIGKILL_AT_GRACE_END',
  'PID1_IGNORES_TERM',
  'SHELL_SWALLOWS_TERM',
  'KEEPALIVE_PINNED_TO_TERMINATING',
  'IDLE_KEEPALIVE_RACE',
  'NOT_READY_GETS_TRAFFIC',
  'NO_ENDPOINTS',
  'PRESTOP_LONGER_THAN_GRACE',
  'PRESTOP_FAILED',
  'FORCE_DELETED',
  'RECREATE_GAP',
  'DRAIN_WITHOUT_PDB',
  'OOM',
  'CRASH',
  'LIVENESS_RESTART',
  'STARTUP_KILL',
  'READINESS_FLAP',
  'ROLLOUT_STUCK',
  'CAPACITY_DROP',
  'SLOW_WARMUP',
  'LB_DEREGISTER_SLOW',
  'CONNTRACK_BLACKHOLE',
  'APP_ERROR',
  'STALE_DISCOVERY',
  'GENERATOR_LIMIT',
  'unexplained',
] as const

export type CauseId = (typeof CAUSE_IDS)[number]

export type Confidence = 'high' | 'medium' | 'low'

/** Why one request failed. */
export interface Attribution {
  readonly cause: CauseId
  readonly confidence: Confidence
  /** Pods whose story explains it; several when they cannot be told apart. */
  readonly pods: readonly string[]
}

/** A span of time with failures; a failure counts where its request began. */
export interface FailureWindow {
  /** 1, 2, 3 … in order of time. */
  readonly number: number
  readonly fromUs: number
  readonly toUs: number
  readonly failed: number
  /** Requests due within it. */
  readonly due: number
  readonly outcomes: Readonly<Record<string, number>>
  readonly causes: readonly { readonly cause: CauseId; readonly failed: number }[]
  readonly pods: readonly string[]
}

export interface CauseFound {
  readonly cause: CauseId
  readonly title: string
  readonly failed: number
  readonly confidence: Confidence
  /** One or two sentences: what happened, with this run's figures. */
  readonly explanation: string
  readonly evidence: readonly Evidence[]
  /** What to change, in words and as YAML to copy (of the workload, from `spec:` on) where there is any. */
  readonly fix: { readonly text: string; readonly yaml?: string }
  readonly pods: readonly string[]
}

/** A fact that speaks for a cause: something recorded, at an instant, in words. */
export interface Evidence {
  readonly atUs: number
  readonly text: string
}

/** What is known of one pod's life; instants are arrivals at our process, µs since the run began. */
export interface PodStory {
  readonly name: string
  readonly uid: string
  readonly firstSeenUs: number
  readonly readyAtUs?: number
  /** First arrival of deletionTimestamp. */
  readonly deleteSeenUs?: number
  /** When the pod's endpoint was first seen not ready or absent, after it had been ready. */
  readonly outOfSliceUs?: number
  /** Arrival of the `Killing` event. */
  readonly killingUs?: number
  /** Estimate: when `Killing` was written (or the deletion arrived) plus the preStop time known from the spec. */
  readonly stopSignalUs?: number
  /** Estimate of when the grace runs out. */
  readonly graceEndUs?: number
  /** First arrival of a terminated container or a terminal phase. */
  readonly exitSeenUs?: number
  readonly exitCode?: number
  readonly exitReason?: string
  readonly goneUs?: number
  readonly restarts: number
  /** Exits of a container that nobody had asked for, or that a probe had asked for. */
  readonly exits: readonly ContainerExit[]
  /** Arrival of `FailedPreStopHook`. */
  readonly preStopFailedUs?: number
  /** Reason of the condition DisruptionTarget. */
  readonly disruption?: string
  readonly graceSeconds: number
  readonly preStopSeconds?: number
  readonly hasPreStop: boolean
  readonly hasReadinessProbe: boolean
  /** `command` begins with a shell's `-c` without exec. */
  readonly shellForm: boolean
  /** Spans in which it was Ready. */
  readonly readySpans: readonly { readonly fromUs: number; readonly toUs?: number }[]
  readonly answered: number
  /** Begin of the first 100 ms in which it answered. */
  readonly firstAnsweredUs?: number
  /** When the last request that it answered had been sent; apart for the two uses. */
  readonly lastAnsweredSentUs: Readonly<Partial<Record<ConnectionUse, number>>>
  readonly failedHere: number
}

/** A container of a pod that is not being deleted ended. */
export interface ContainerExit {
  /** When the watch showed it. */
  readonly atUs: number
  /** By the kubelet's own stamp: a busy one notices late. Up to a second early, and never after `atUs`. */
  readonly endedUs: number
  readonly container: string
  readonly exitCode?: number
  readonly reason?: string
  /** The probe whose failures had it killed, by the `Killing` event. */
  readonly killedFor?: { readonly probe: 'liveness' | 'startup'; readonly atUs: number }
}

/** From the arrival of deletionTimestamp to the last request that the pod still received, over all pods that were deleted. */
export interface DrainSummary {
  readonly pods: number
  readonly new?: Spread
  readonly reused?: Spread
  /** From deletion seen to gone. */
  readonly gone?: Spread
}

export interface Spread {
  readonly count: number
  readonly p50Us: number
  readonly p95Us: number
  readonly maxUs: number
}

/** The preStop and the grace that this run's drain times ask for. */
export interface ShutdownAdvice {
  readonly preStopSeconds: number
  readonly graceSeconds: number
  readonly text: string
  readonly yaml: string
}

/** Outcomes that count as failed: everything but ok and cut off. */
export const isFailed = (outcome: Outcome): boolean => outcome !== 'ok' && outcome !== 'cut-off'
