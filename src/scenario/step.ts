import type { JsonObject } from './scenario.ts'

/** One thing that is done, or waited for, while the load goes on. */
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
