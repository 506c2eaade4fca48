import type { KubeObject } from '../store.ts'
import type { LabelSelector } from './label-selector.ts'
import type { PodTemplate } from './pod.ts'

/** An apps/v1 DaemonSet. */
export interface DaemonSet extends KubeObject {
  spec: DaemonSetSpec
  status?: DaemonSetStatus
}

export interface DaemonSetSpec {
  minReadySeconds?: number
  revisionHistoryLimit?: number
  updateStrategy?: {
    type?: 'RollingUpdate' | 'OnDelete'
    rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string }
  }
  selector: LabelSelector
  template: PodTemplate
}

export interface DaemonSetStatus {
  observedGeneration?: number
  desiredNumberScheduled: number
  currentNumberScheduled: number
  /** On nodes that should not have one. */
  numberMisscheduled: number
  numberReady: number
  updatedNumberScheduled?: number
  numberAvailable?: number
  numberUnavailable?: number
}
