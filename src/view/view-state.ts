import { sanitize } from '../base/sanitize.ts'
import type { EndpointSliceFacts, Entry, HostEntry, Phase, StepEntry } from '../recording/entry.ts'
import { entryAtUs, isLoadAlone } from '../recording/recording.ts'
import { noticesOf, type Notice } from './notices.ts'
import { type Counts, NO_COUNTS } from './state/counts.ts'
import { foldCluster } from './state/fold-cluster.ts'
import { foldFailure } from './state/fold-failure.ts'
import { foldFrame } from './state/fold-frame.ts'
import { foldStep } from './state/fold-step.ts'
import { PodLanes } from './state/pod-lanes.ts'
import type { Second } from './state/second.ts'
import type { TagCounts } from './state/tag-counts.ts'

/**
 * Everything a live view shows, folded from the entries of a recording. Every foreign string in it is
 * already sanitised. It has no clock: `nowUs` is the instant of the latest entry.
 */
export interface ViewState {
  readonly nowUs: number
  readonly scenario: string
  readonly cluster: string
  /** No cluster: nothing of pods, endpoints and steps is shown. */
  readonly isLoadAlone: boolean
  /** No load: nothing of requests and steps is shown. */
  readonly isPodsOnly: boolean
  readonly address: string
  /** Absent when nobody can know. */
  readonly plannedRequests?: number
  readonly plannedDurationUs: number
  /** It ends when its steps have, and the planned duration is only the longest. */
  readonly endsWithSteps: boolean
  readonly phase?: Phase
  readonly all: Counts
  readonly seconds: readonly Second[]
  /** Of the latest frame, over all threads. */
  readonly gauges: {
    readonly atUs: number
    readonly inFlight: number
    readonly connections: number
    /** Active users; closed loop only. */
    readonly users?: number
  }
  /** Requests that ended, by their tag. */
  readonly byTag: Readonly<Record<string, TagCounts>>
  /** The latest that is known of this machine. */
  readonly host?: HostEntry
  readonly stopProgress: readonly StopProgress[]
  readonly pods: PodLanes
  /** Ready endpoints by slice. */
  readonly readyBySlice: ReadonlyMap<string, number>
  /** The latest of each EndpointSlice; kept when pods alone are watched. */
  readonly slices: ReadonlyMap<string, EndpointSliceFacts>
  /** The number of ready endpoints, whenever it changed. */
  readonly endpoints: readonly { readonly atUs: number; readonly ready: number }[]
  readonly wantedReplicas?: number
  /** By index; those that have not begun have the state `planned`. */
  readonly steps: readonly StepLane[]
  /** Outcomes and statuses seen among failures so far. */
  readonly seenFailures: ReadonlySet<string>
  /** The latest things worth a line, oldest first. */
  readonly notices: readonly Notice[]
  readonly gaps: readonly {
    readonly resource: string
    readonly fromUs: number
    readonly toUs: number
  }[]
  /** Nothing has been seen of some resource for a while, and still is not. */
  readonly isBlind: boolean
  readonly isLoadEnded: boolean
  readonly end?: string
}

/** How near a stop criterion is. */
export interface StopProgress {
  /** As the file has it. */
  readonly text: string
  readonly heldUs: number
  readonly windowUs: number
  /** What was seen last, for people. */
  readonly seen: string
}

export interface StepLane {
  readonly label: string
  readonly state: StepEntry['state'] | 'planned'
  readonly disruptive: boolean
  readonly startedUs?: number
  readonly endedUs?: number
  readonly detail?: string
}

export const EMPTY_VIEW: ViewState = {
  nowUs: 0,
  scenario: '',
  cluster: '',
  isLoadAlone: false,
  isPodsOnly: false,
  address: '',
  plannedDurationUs: 0,
  endsWithSteps: false,
  all: NO_COUNTS,
  seconds: [],
  gauges: { atUs: 0, inFlight: 0, connections: 0 },
  byTag: {},
  stopProgress: [],
  pods: PodLanes.none(),
  readyBySlice: new Map(),
  slices: new Map(),
  endpoints: [],
  steps: [],
  seenFailures: new Set(),
  notices: [],
  gaps: [],
  isBlind: false,
  isLoadEnded: false,
}

const KEPT_NOTICES = 200

/** The state at a later instant at which nothing happened. */
export const atInstant = (state: ViewState, nowUs: number): ViewState =>
  nowUs > state.nowUs ? { ...state, nowUs } : state

/** The state after a look at the stop criteria. */
export const withStopProgress = (
  state: ViewState,
  progress: readonly StopProgress[],
): ViewState => ({
  ...state,
  stopProgress: progress.map((one) => ({
    ...one,
    text: sanitize(one.text, 60),
    seen: sanitize(one.seen, 80),
  })),
})

/** The state after an entry; pure. */
export function viewState(previous: ViewState, entry: Entry): ViewState {
  const nowUs = Math.max(previous.nowUs, entryAtUs(entry))
  const folded = fold(nowUs === previous.nowUs ? previous : { ...previous, nowUs }, entry)
  const notices = noticesOf(previous, folded, entry)
  return notices.length === 0
    ? folded
    : { ...folded, notices: [...folded.notices, ...notices].slice(-KEPT_NOTICES) }
}

function fold(state: ViewState, entry: Entry): ViewState {
  switch (entry.kind) {
    case 'meta':
      return { ...state, cluster: sanitize(entry.environment.cluster, 60) }
    case 'plan':
      return {
        ...state,
        scenario: sanitize(entry.scenario.name, 60),
        isLoadAlone: isLoadAlone({ plan: entry }),
        isPodsOnly: entry.podsOnly !== undefined,
        address: sanitize(entry.address, 80),
        ...(entry.plannedRequests !== undefined && { plannedRequests: entry.plannedRequests }),
        plannedDurationUs: entry.plannedDurationUs,
        endsWithSteps: entry.scenario.load.endsWithSteps === true,
        steps: entry.scenario.steps.map(({ label }) => ({
          label: sanitize(label, 80),
          state: 'planned',
          disruptive: false,
        })),
      }
    case 'frame':
      return foldFrame(state, entry)
    case 'failure':
      return foldFailure(state, entry)
    case 'cluster':
      return foldCluster(state, entry)
    case 'step':
      return foldStep(state, entry)
    case 'phase':
      return { ...state, phase: entry.phase }
    case 'harness':
      if (entry.type === 'blind') return { ...state, isBlind: true }
      return entry.type === 'load-ended' || entry.type === 'load-thread-lost'
        ? { ...state, isLoadEnded: true }
        : state
    case 'host':
      return { ...state, host: entry }
    case 'stop':
      return state
    case 'end':
      return { ...state, end: entry.reason }
  }
}
