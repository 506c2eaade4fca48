import type { KubeObject } from '../store.ts'
import type { LabelSelector } from './label-selector.ts'
import type { Condition, PodTemplate } from './pod.ts'

/** A batch/v1 Job. */
export interface Job extends KubeObject {
  spec: JobSpec
  status?: JobStatus
}

export interface JobSpec {
  parallelism?: number
  /** Absent: as soon as one pod succeeds and all have ended. */
  completions?: number
  completionMode?: 'NonIndexed' | 'Indexed'
  backoffLimit?: number
  activeDeadlineSeconds?: number
  ttlSecondsAfterFinished?: number
  suspend?: boolean
  manualSelector?: boolean
  podReplacementPolicy?: 'TerminatingOrFailed' | 'Failed'
  podFailurePolicy?: object
  selector?: LabelSelector
  template: PodTemplate
}

export interface JobStatus {
  startTime?: string
  completionTime?: string
  active?: number
  ready?: number
  terminating?: number
  succeeded?: number
  failed?: number
  /** Of an Indexed job, e.g. `0-2,5`. */
  completedIndexes?: string
  conditions?: Condition[]
}
