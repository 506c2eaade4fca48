import type { Deployment } from '../../api/kinds/deployment.ts'
import type { PodTemplate } from '../../api/kinds/pod.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import { sameJson } from '../../api/snapshot.ts'
import { HASH_LABEL } from './pod-template-hash.ts'

export const REVISION = 'deployment.kubernetes.io/revision'

/** The ReplicaSets of a Deployment, told apart by its present template. */
export interface Revisions {
  readonly current: ReplicaSet | undefined
  /** Oldest first. */
  readonly old: readonly ReplicaSet[]
}

/** The current ReplicaSet is the oldest one whose template is the Deployment's, the hash label apart. */
export function revisionsOf(deployment: Deployment, replicaSets: readonly ReplicaSet[]): Revisions {
  const current = replicaSets.find((one) =>
    sameTemplate(one.spec.template, deployment.spec.template),
  )
  return { current, old: replicaSets.filter((one) => one !== current) }
}

export const revisionNumber = (replicaSet: ReplicaSet): number =>
  Number(replicaSet.metadata.annotations?.[REVISION] ?? 0)

/** The number of the next rollout, one above all old ones. */
export const nextRevision = (old: readonly ReplicaSet[]): number =>
  Math.max(0, ...old.map(revisionNumber)) + 1

const sameTemplate = (left: PodTemplate, right: PodTemplate): boolean =>
  sameJson(withoutHash(left), withoutHash(right))

function withoutHash(template: PodTemplate): PodTemplate {
  const { metadata } = template
  const labels = { ...metadata?.labels, [HASH_LABEL]: '' }
  return { ...template, metadata: { ...metadata, labels } }
}
