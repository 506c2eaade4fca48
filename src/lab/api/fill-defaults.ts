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
import {
  fillDaemonSetDefaults,
  fillDeploymentDefaults,
  fillJobDefaults,
  fillReplicaSetDefaults,
  fillStatefulSetDefaults,
} from './fill-workload-defaults.ts'

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

const NO_BUDGET_YET = {
  disruptionsAllowed: 0,
  currentHealthy: 0,
  desiredHealthy: 0,
  expectedPods: 0,
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
