import type { DaemonSet } from './kinds/daemon-set.ts'
import type { Deployment } from './kinds/deployment.ts'
import { fillAutoscalerDefaults, type HorizontalPodAutoscaler } from './kinds/autoscaler.ts'
import { fillSliceDefaults } from './kinds/endpoint-slice.ts'
import type { Job } from './kinds/job.ts'
import type { Pod } from './kinds/pod.ts'
import type { ReplicaSet } from './kinds/replica-set.ts'
import { fillBindingDefaults, type RoleBinding } from './kinds/rbac.ts'
import { fillSecretDefaults } from './kinds/secret.ts'
import type { Service } from './kinds/service.ts'
import type { StatefulSet } from './kinds/stateful-set.ts'
import type { KubeObject, ResourceName } from './store.ts'
import { qosClassOf } from './qos-class.ts'
import { fillPodSpecDefaults, fillRequests } from './fill-pod-spec-defaults.ts'

/** Fills a draft with the defaults of Kubernetes; harmless when they are there already. */
export function fillDefaults(resource: ResourceName, draft: KubeObject): void {
  dropEmpty(draft.metadata, ['labels', 'annotations'])
  switch (resource) {
    case 'pods':
      fillPodDefaults(draft as Pod)
      break
    case 'deployments':
      fillDeploymentDefaults(draft as Deployment)
      break
    case 'replicasets':
      fillReplicaSetDefaults(draft as ReplicaSet)
      break
    case 'statefulsets':
      fillStatefulSetDefaults(draft as StatefulSet)
      break
    case 'daemonsets':
      fillDaemonSetDefaults(draft as DaemonSet)
      break
    case 'services':
      fillServiceDefaults(draft as Service)
      break
    case 'configmaps':
      dropEmpty(draft, ['data', 'binaryData'])
      break
    case 'namespaces':
      draft.status ??= { phase: 'Active' }
      draft.spec ??= {}
      draft.metadata.labels = {
        ...draft.metadata.labels,
        'kubernetes.io/metadata.name': draft.metadata.name,
      }
      break
    case 'ingresses':
      draft.status ??= { loadBalancer: {} }
      break
    case 'endpointslices':
      fillSliceDefaults(draft)
      break
    case 'secrets':
      fillSecretDefaults(draft)
      break
    case 'rolebindings':
    case 'clusterrolebindings':
      fillBindingDefaults(draft as RoleBinding)
      break
    case 'jobs':
      fillJobDefaults(draft as Job)
      break
    case 'poddisruptionbudgets':
      draft.status ??= NO_BUDGET_YET
      break
    case 'horizontalpodautoscalers':
      fillAutoscalerDefaults(draft as HorizontalPodAutoscaler)
      break
    default:
  }
}

const tolerationOf = (what: string) => ({
  key: `node.kubernetes.io/${what}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
})

/** What is defaulted and what admission adds to a pod, but not to a template. */
function fillPodDefaults(pod: Pod): void {
  fillPodSpecDefaults(pod.spec)
  fillRequests(pod.spec)
  const admitted = {
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    serviceAccountName: 'default',
    serviceAccount: 'default',
    tolerations: [tolerationOf('not-ready'), tolerationOf('unreachable')],
  }
  Object.assign(pod.spec, { ...admitted, ...pod.spec })
  pod.status = {
    phase: 'Pending',
    qosClass: qosClassOf(pod.spec),
    ...(pod.status as Pod['status'] | undefined),
  }
}

/** Go leaves out what is empty. */
function dropEmpty(holder: object, keys: readonly string[]): void {
  for (const key of keys) {
    const value = (holder as Record<string, unknown>)[key]
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) {
      Reflect.deleteProperty(holder, key)
    }
  }
}

function fillDeploymentDefaults(deployment: Deployment): void {
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

function fillReplicaSetDefaults(replicaSet: ReplicaSet): void {
  replicaSet.spec.replicas ??= 1
  fillPodSpecDefaults(replicaSet.spec.template.spec)
  replicaSet.status ??= { replicas: 0 }
}

function fillStatefulSetDefaults(statefulSet: StatefulSet): void {
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

function fillDaemonSetDefaults(daemonSet: DaemonSet): void {
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

const NO_BUDGET_YET = {
  disruptionsAllowed: 0,
  currentHealthy: 0,
  desiredHealthy: 0,
  expectedPods: 0,
}

function fillJobDefaults(job: Job): void {
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

function fillServiceDefaults(service: Service): void {
  const { spec } = service
  spec.type ??= 'ClusterIP'
  spec.sessionAffinity ??= 'None'
  if (spec.sessionAffinity === 'ClientIP') {
    spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } }
  }
  if (spec.clusterIP === 'None') spec.clusterIPs ??= ['None']
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP'
    port.targetPort ??= port.port
  }
  if (spec.type !== 'ExternalName') {
    spec.ipFamilies ??= ['IPv4']
    spec.ipFamilyPolicy ??= 'SingleStack'
    spec.internalTrafficPolicy ??= 'Cluster'
  }
  service.status ??= { loadBalancer: {} }
}
