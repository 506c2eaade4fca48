import type { KubeObject } from '../store.ts'
import type { LabelSelector } from './label-selector.ts'
import type { Condition, PodTemplate } from './pod.ts'

/** An apps/v1 StatefulSet. */
export interface StatefulSet extends KubeObject {
  spec: StatefulSetSpec
  status?: StatefulSetStatus
}

export interface StatefulSetSpec {
  replicas?: number
  minReadySeconds?: number
  revisionHistoryLimit?: number
  serviceName?: string
  podManagementPolicy?: 'OrderedReady' | 'Parallel'
  updateStrategy?: {
    type?: 'RollingUpdate' | 'OnDelete'
    rollingUpdate?: { partition?: number }
  }
  persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string }
  /** The first ordinal; absent: 0. */
  ordinals?: { start?: number }
  volumeClaimTemplates?: { metadata: { name: string } }[]
  selector: LabelSelector
  template: PodTemplate
}

export interface StatefulSetStatus {
  observedGeneration?: number
  replicas: number
  readyReplicas?: number
  availableReplicas?: number
  /** Pods of `currentRevision`, and of `updateRevision`. */
  currentReplicas?: number
  updatedReplicas?: number
  currentRevision?: string
  updateRevision?: string
  collisionCount?: number
  conditions?: Condition[]
}
