import type { Deployment } from '../../api/kinds/deployment.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import type { Store } from '../../api/store.ts'
import { sizeAnnotations } from './size-annotations.ts'

/** Sets `spec.replicas` and the size annotations; true when the number changed, which `ScalingReplicaSet` then tells. */
export function scaleReplicaSet(
  store: Store,
  deployment: Deployment,
  replicaSet: ReplicaSet,
  replicas: number,
): boolean {
  const { namespace = '', name } = replicaSet.metadata
  const before = replicaSet.spec.replicas ?? 1
  store.change<ReplicaSet>('replicasets', namespace, name, (draft) => {
    draft.spec.replicas = replicas
    draft.metadata.annotations = { ...draft.metadata.annotations, ...sizeAnnotations(deployment) }
  })
  if (before === replicas) return false
  tellScaling(store, deployment, name, before, replicas)
  return true
}

/** The event in the wording of Kubernetes 1.32 and later (k8s-mechanics 2.3). */
export function tellScaling(
  store: Store,
  deployment: Deployment,
  replicaSet: string,
  from: number,
  to: number,
): void {
  const direction = to > from ? 'up' : 'down'
  store.emitEvent({
    regarding: deployment,
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: `Scaled ${direction} replica set ${replicaSet} from ${String(from)} to ${String(to)}`,
    component: 'deployment-controller',
  })
}
