import type { ClusterChange } from '../cluster/cluster-change.ts'
import type { LoadFrame } from '../load/load-frame.ts'
import type { HostHealth } from '../load/host-health.ts'
import type { StopFired } from '../load/stop/stop-fired.ts'
import type { RequestFailure } from '../load/request-failure.ts'
import type { Scenario } from '../scenario/scenario.ts'

export type {
  ClusterChange,
  ContainerFacts,
  EndpointFacts,
  EndpointSliceFacts,
  PodFacts,
  ReportedEvent,
  WatchGap,
} from '../cluster/cluster-change.ts'
export type {
  DaemonSetFacts,
  DeploymentFacts,
  StatefulSetFacts,
} from '../cluster/workload-change.ts'
export type { AnsweredCounts, EndedCounts, LoadFrame, NotSentReason } from '../load/load-frame.ts'
export type {
  ConnectionUse,
  FailureClass,
  Outcome,
  RequestFailure,
} from '../load/request-failure.ts'
export type { Expectation, Metric, Scenario } from '../scenario/scenario.ts'

/** The version of the recording's form; a reader refuses a newer one. 1: histograms are lists; 2: they are text. */
export const RECORDING_FORMAT = 2

/**
 * Everything that can happen in a run, one entry a line in `recording.ndjson`, in the order in which we
 * learnt of it. Every `…AtUs` is µs since the run began. Entries are never changed, only appended.
 */
export type Entry =
  | MetaEntry
  | PlanEntry
  | FrameEntry
  | FailureEntry
  | ClusterEntry
  | StepEntry
  | PhaseEntry
  | HarnessEntry
  | HostEntry
  | StopEntry
  | EndEntry

/** The first line. */
export interface MetaEntry {
  readonly kind: 'meta'
  readonly format: number
  readonly podtankVersion: string
  readonly runId: string
  /** Wall clock, ISO 8601; the only one in the recording that is ours. */
  readonly startedAt: string
  /** The run's beginning on the machine's monotonic clock, µs. */
  readonly startedAtMonotonicUs: number
  readonly command: readonly string[]
  readonly environment: Environment
}

export interface Environment {
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  /** `lab`, or the kubeconfig context's name; `none` for load alone. */
  readonly cluster: string
  readonly serverVersion?: string
  readonly seed?: number
  /** `kernel`, `namespaces` or `loopback`; absent on a cluster. */
  readonly labNetwork?: string
  /** What the lab does not show faithfully. */
  readonly limits: readonly string[]
}

/** The second line: what is going to be done. */
export interface PlanEntry {
  readonly kind: 'plan'
  readonly atUs: 0
  readonly scenario: Scenario
  /** Absent for load alone. */
  readonly namespace?: string
  /** Where the load goes, resolved and pinned: `http://127.0.0.1:8080`. */
  readonly address: string
  /** Absent when nobody can know: closed loop, or ammo that ends. */
  readonly plannedRequests?: number
  readonly plannedDurationUs: number
}

export interface FrameEntry extends LoadFrame {
  readonly kind: 'frame'
}

export interface FailureEntry extends RequestFailure {
  readonly kind: 'failure'
}

export type ClusterEntry = { readonly kind: 'cluster' } & ClusterChange

/** A step begins, ends, fails, or is put back. A step has the same `index` throughout. */
export interface StepEntry {
  readonly kind: 'step'
  readonly atUs: number
  readonly index: number
  readonly label: string
  readonly disruptive: boolean
  readonly state:
    'started' | 'done' | 'failed' | 'skipped' | 'restoring' | 'restored' | 'not-restored'
  readonly detail?: string
  /** Names of the pods that the step chose, when it chose pods. */
  readonly pods?: readonly string[]
}

/** From here on the run is in this phase. `steady`: before the first disruptive step. */
export interface PhaseEntry {
  readonly kind: 'phase'
  readonly atUs: number
  readonly phase: Phase
}

export type Phase = 'steady' | 'disruption' | 'restore'

/** Something about ourselves that a reader of the figures must know. */
export interface HarnessEntry {
  readonly kind: 'harness'
  readonly atUs: number
  readonly type:
    | 'failures-not-listed'
    | 'load-thread-lost'
    | 'load-ended'
    | 'warning'
    | 'stop-asked'
    /** A line that the user's own command wrote. */
    | 'command-said'
    /** Everything is as it was before the run; says after how long. */
    | 'restored'
  readonly message: string
  /** For `command-said`: index of the step whose command it is. */
  readonly step?: number
  /** For `failures-not-listed`: how many failures are only counted, by outcome. */
  readonly counts?: Readonly<Record<string, number>>
}

/** How the generator's own machine is, once a second; what cannot be read is absent. */
export interface HostEntry extends HostHealth {
  readonly kind: 'host'
}

/** A stop criterion held, and the load was ended for it. */
export interface StopEntry extends StopFired {
  readonly kind: 'stop'
}

/** The last line; a recording without it was cut short. */
export interface EndEntry {
  readonly kind: 'end'
  readonly atUs: number
  readonly reason: 'finished' | 'stopped' | 'interrupted' | 'step-failed' | 'error'
  readonly signal?: string
  readonly detail?: string
  /** What could not be put back; empty when all was. */
  readonly notRestored: readonly string[]
}
