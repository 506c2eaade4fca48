import type { KubeObject } from '../store.ts'
import type { Condition, PodTemplate } from './pod.ts'
import type { LabelSelector } from './label-selector.ts'

/** An apps/v1 Deployment. */
export interface Deployment extends KubeObject {
  spec: DeploymentSpec
  status?: DeploymentStatus
}

export interface DeploymentSpec {
  replicas?: number
  minReadySeconds?: number
  revisionHistoryLimit?: number
  progressDeadlineSeconds?: number
  paused?: boolean
  strategy?: {
    type?: 'RollingUpdate' | 'Recreate'
    rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string }
  }
  selector: LabelSelector
  template: PodTemplate
}

export interface DeploymentStatus {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  unavailableReplicas?: number
  conditions?: Condition[]
}
