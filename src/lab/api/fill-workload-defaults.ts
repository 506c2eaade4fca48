import { fillPodSpecDefaults } from './fill-pod-spec-defaults.ts'
import type { DaemonSet } from './kinds/daemon-set.ts'
import type { Deployment } from './kinds/deployment.ts'
import type { Job } from './kinds/job.ts'
import type { ReplicaSet } from './kinds/replica-set.ts'
import type { StatefulSet } from './kinds/stateful-set.ts'

/** SetDefaults_Deployment of Kubernetes' pkg/apis/apps/v1/defaults.go, and an empty status. */
export function fillDeploymentDefaults(deployment: Deployment): void {
  const { spec } = deployment
  spec.replicas ??= 1
  spec.strategy ??= {}
  spec.strategy.type ??= 'RollingUpdate'
  if (spec.strategy.type === 'RollingUpdate') {
    spec.strategy.rollingUpdate = {
      maxSurge: '25%',
      maxUnavailable: '25%',
      ...spec.strategy.rollingUpdate,
    }
  }
  spec.revisionHistoryLimit ??= 10
  spec.progressDeadlineSeconds ??= 600
  fillPodSpecDefaults(spec.template.spec)
  deployment.status ??= {}
}

/** SetDefaults_ReplicaSet, in the same file, and an empty status. */
export function fillReplicaSetDefaults(replicaSet: ReplicaSet): void {
  replicaSet.spec.replicas ??= 1
  fillPodSpecDefaults(replicaSet.spec.template.spec)
  replicaSet.status ??= { replicas: 0 }
}

/** SetDefaults_StatefulSet, in the same file, and an empty status. */
export function fillStatefulSetDefaults(statefulSet: StatefulSet): void {
  const { spec } = statefulSet
  spec.replicas ??= 1
  spec.podManagementPolicy ??= 'OrderedReady'
  spec.updateStrategy ??= {}
  spec.updateStrategy.type ??= 'RollingUpdate'
  if (spec.updateStrategy.type === 'RollingUpdate') {
    spec.updateStrategy.rollingUpdate = { partition: 0, ...spec.updateStrategy.rollingUpdate }
  }
  spec.revisionHistoryLimit ??= 10
  spec.persistentVolumeClaimRetentionPolicy = {
    whenDeleted: 'Retain',
    whenScaled: 'Retain',
    ...spec.persistentVolumeClaimRetentionPolicy,
  }
  fillPodSpecDefaults(spec.template.spec)
  statefulSet.status ??= { replicas: 0, availableReplicas: 0 }
}

/** SetDefaults_DaemonSet, in the same file, and an empty status. */
export function fillDaemonSetDefaults(daemonSet: DaemonSet): void {
  const { spec } = daemonSet
  spec.updateStrategy ??= {}
  spec.updateStrategy.type ??= 'RollingUpdate'
  if (spec.updateStrategy.type === 'RollingUpdate') {
    spec.updateStrategy.rollingUpdate = {
      maxSurge: 0,
      maxUnavailable: 1,
      ...spec.updateStrategy.rollingUpdate,
    }
  }
  spec.revisionHistoryLimit ??= 10
  fillPodSpecDefaults(spec.template.spec)
  daemonSet.status ??= NO_DAEMONS_YET
}

const NO_DAEMONS_YET = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
}

/** SetDefaults_Job of pkg/apis/batch/v1/defaults.go, and an empty status. */
export function fillJobDefaults(job: Job): void {
  const { spec } = job
  const { template } = spec
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  spec.parallelism ??= 1
  spec.backoffLimit ??= 6
  spec.completionMode ??= 'NonIndexed'
  spec.suspend ??= false
  spec.manualSelector ??= false
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
  fillPodSpecDefaults(template.spec)
  job.status ??= {}
}
