import type { KubeObject } from '../store.ts'
import type { Condition, PodTemplate } from './pod.ts'
import type { LabelSelector } from './label-selector.ts'

/** An apps/v1 ReplicaSet. */
export interface ReplicaSet extends KubeObject {
  spec: ReplicaSetSpec
  status?: ReplicaSetStatus
}

export interface ReplicaSetSpec {
  replicas?: number
  minReadySeconds?: number
  selector: LabelSelector
  template: PodTemplate
}

export interface ReplicaSetStatus {
  replicas: number
  fullyLabeledReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  observedGeneration?: number
  conditions?: Condition[]
}
