import type { Deployment } from '../../api/kinds/deployment.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import { rollingBounds } from './rolling-arithmetic.ts'

const DESIRED = 'deployment.kubernetes.io/desired-replicas'
const MAX = 'deployment.kubernetes.io/max-replicas'

/** What a ReplicaSet is told about the size of its Deployment, so that a later scaling is recognised. */
export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const { desired, maxSurge } = rollingBounds(deployment.spec)
  return { [DESIRED]: String(desired), [MAX]: String(desired + maxSurge) }
}

const numberIn = (replicaSet: ReplicaSet, annotation: string): number | undefined => {
  const text = replicaSet.metadata.annotations?.[annotation]
  return text === undefined ? undefined : Number(text)
}

/** `spec.replicas` of the Deployment when this ReplicaSet was last sized. */
export const desiredWhenSized = (replicaSet: ReplicaSet): number | undefined =>
  numberIn(replicaSet, DESIRED)

/** Desired plus surge when this ReplicaSet was last sized. */
export const maxWhenSized = (replicaSet: ReplicaSet): number | undefined =>
  numberIn(replicaSet, MAX)
