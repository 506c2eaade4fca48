import type { Deployment } from './kinds/deployment.ts'
import type { Pod } from './kinds/pod.ts'
import type { ReplicaSet } from './kinds/replica-set.ts'
import type { Service } from './kinds/service.ts'
import type { KubeObject, ResourceName } from './store.ts'
import { fillPodSpecDefaults } from './fill-pod-spec-defaults.ts'

/** Fills a draft with the defaults of Kubernetes; harmless when they are there already. */
export function fillDefaults(resource: ResourceName, draft: KubeObject): void {
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
    case 'services':
      fillServiceDefaults(draft as Service)
      break
    case 'namespaces':
      draft.status ??= { phase: 'Active' }
      draft.spec ??= {}
      break
    case 'ingresses':
      draft.status ??= { loadBalancer: {} }
      break
    default:
  }
}

function fillPodDefaults(pod: Pod): void {
  fillPodSpecDefaults(pod.spec)
  pod.status = {
    phase: 'Pending',
    qosClass: 'BestEffort',
    ...(pod.status as Pod['status'] | undefined),
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

function fillServiceDefaults(service: Service): void {
  const { spec } = service
  spec.type ??= 'ClusterIP'
  spec.sessionAffinity ??= 'None'
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
