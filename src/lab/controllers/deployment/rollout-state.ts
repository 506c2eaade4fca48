import type { Deployment } from '../../api/kinds/deployment.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import type { Store } from '../../api/store.ts'
import type { Revisions } from './revisions.ts'
import type { RolloutMember } from './rolling-arithmetic.ts'
import { claimObjects } from '../claim-objects.ts'
import { revisionsOf } from './revisions.ts'

/** A Deployment and its ReplicaSets at one moment of a sync. */
export interface RolloutState extends Revisions {
  readonly deployment: Deployment
  readonly all: readonly ReplicaSet[]
}

/** Undefined when the Deployment is gone. */
export function readRollout(
  store: Store,
  namespace: string,
  name: string,
): RolloutState | undefined {
  const deployment = store.get<Deployment>('deployments', namespace, name)
  if (!deployment) return undefined
  const all = claimObjects<ReplicaSet>(store, 'replicasets', deployment)
  return { deployment, all, ...revisionsOf(deployment, all) }
}

export const sizeOf = (replicaSet: ReplicaSet): number => replicaSet.spec.replicas ?? 1

export const memberOf = (replicaSet: ReplicaSet): RolloutMember => ({
  name: replicaSet.metadata.name,
  replicas: sizeOf(replicaSet),
  availableReplicas: replicaSet.status?.availableReplicas ?? 0,
})
