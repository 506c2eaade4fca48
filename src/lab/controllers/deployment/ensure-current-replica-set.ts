import type { Deployment } from '../../api/kinds/deployment.ts'
import type { Condition } from '../../api/kinds/pod.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import type { KubeObject, Store } from '../../api/store.ts'
import type { RolloutState } from './rollout-state.ts'
import { controllerReference } from '../owner-reference.ts'
import { setCondition } from '../set-condition.ts'
import { HASH_LABEL, podTemplateHash } from './pod-template-hash.ts'
import { nextRevision, REVISION, revisionNumber } from './revisions.ts'
import { newReplicas, rollingBounds } from './rolling-arithmetic.ts'
import { memberOf } from './rollout-state.ts'
import { tellScaling } from './scale-replica-set.ts'
import { sizeAnnotations } from './size-annotations.ts'
import { UNSTORED } from '../../api/unstored.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Makes the ReplicaSet of the present template, directly with the size that the surge allows, or renews its revision. */
export function ensureCurrentReplicaSet(store: Store, state: RolloutState): void {
  const revision = String(nextRevision(state.old))
  if (state.current) renewRevision(store, state.deployment, state.current, revision)
  else createReplicaSet(store, state, revision)
}

function renewRevision(
  store: Store,
  deployment: Deployment,
  replicaSet: ReplicaSet,
  revision: string,
): void {
  const { namespace = '', name } = replicaSet.metadata
  const newest = Math.max(Number(revision), revisionNumber(replicaSet))
  store.change<ReplicaSet>('replicasets', namespace, name, (draft) => {
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      ...copiedAnnotations(deployment),
      [REVISION]: String(newest),
    }
    if (deployment.spec.minReadySeconds !== undefined) {
      draft.spec.minReadySeconds = deployment.spec.minReadySeconds
    } else delete draft.spec.minReadySeconds
  })
  const progressing = deployment.status?.conditions?.some(({ type }) => type === 'Progressing')
  noteOnDeployment(
    store,
    deployment,
    String(newest),
    progressing ? undefined : progress('FoundNewReplicaSet', `Found new replica set "${name}"`),
  )
}

function createReplicaSet(store: Store, state: RolloutState, revision: string): void {
  const { deployment } = state
  const { namespace = '', name } = deployment.metadata
  let collisions = 0
  let hash = podTemplateHash(deployment.spec.template, collisions)
  while (store.get('replicasets', namespace, `${name}-${hash}`)) {
    hash = podTemplateHash(deployment.spec.template, (collisions += 1))
  }
  const old = state.old.map(memberOf)
  const empty = { name: '', replicas: 0, availableReplicas: 0 }
  const replicas = newReplicas(rollingBounds(deployment.spec), empty, old)
  const created = store.create<ReplicaSet>(
    'replicasets',
    replicaSetFor(deployment, hash, replicas, revision),
  )
  if (!created.ok) {
    const failed = progress('ReplicaSetCreateError', created.error.message)
    noteOnDeployment(store, deployment, undefined, { ...failed, status: 'False' })
    return
  }
  const replicaSetName = created.value.metadata.name
  if (replicas > 0) tellScaling(store, deployment, replicaSetName, 0, replicas)
  const condition = progress('NewReplicaSetCreated', `Created new replica set "${replicaSetName}"`)
  noteOnDeployment(store, deployment, revision, condition)
}

function replicaSetFor(
  deployment: Deployment,
  hash: string,
  replicas: number,
  revision: string,
): KubeObject {
  const { name, namespace = '' } = deployment.metadata
  const { template, selector, minReadySeconds } = deployment.spec
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      ...UNSTORED,
      labels,
      annotations: {
        ...copiedAnnotations(deployment),
        ...sizeAnnotations(deployment),
        [REVISION]: revision,
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
}

const copiedAnnotations = (deployment: Deployment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(
      ([key]) => key !== LAST_APPLIED && key !== REVISION,
    ),
  )

const progress = (reason: string, message: string): Condition => ({
  type: 'Progressing',
  status: 'True',
  reason,
  message,
})

function noteOnDeployment(
  store: Store,
  deployment: Deployment,
  revision: string | undefined,
  condition: Condition | undefined,
): void {
  const { namespace = '', name } = deployment.metadata
  store.change<Deployment>('deployments', namespace, name, (draft) => {
    if (revision)
      draft.metadata.annotations = { ...draft.metadata.annotations, [REVISION]: revision }
    if (!condition) return
    const conditions = setCondition(draft.status?.conditions ?? [], condition)
    draft.status = { ...draft.status, conditions }
  })
}
