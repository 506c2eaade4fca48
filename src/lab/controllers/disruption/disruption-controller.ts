import type { Deployment } from '../../api/kinds/deployment.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { PodDisruptionBudget } from '../../api/kinds/pod-disruption-budget.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import type { StatefulSet } from '../../api/kinds/stateful-set.ts'
import type { Store } from '../../api/store.ts'
import { matchesSelector } from '../../api/matches-selector.ts'
import { keyOf, splitKey } from '../object-key.ts'
import { controllerOf } from '../owner-reference.ts'
import { createSyncQueue } from '../sync-queue.ts'
import { budgetStatus, demandOf } from './healthy-budget.ts'

const RECHECK_MS = 120_000

/** Keeps the status of PodDisruptionBudgets, from which evictions take (k8s-mechanics 1.10). Gives the way to stop. */
export function startDisruptionController(store: Store): () => void {
  const queue = createSyncQueue((key) => {
    if (syncBudget(store, key)) queue.addAfter(key, RECHECK_MS)
  })
  const addAll = (namespace: string | undefined) => {
    for (const one of store.list('poddisruptionbudgets', namespace)) queue.add(keyOf(one))
  }
  const unwatch = [
    store.watch('poddisruptionbudgets', ({ type, object }) => {
      if (type !== 'DELETED') queue.add(keyOf(object))
    }),
    ...(['pods', 'replicasets', 'deployments', 'statefulsets'] as const).map((resource) =>
      store.watch(resource, ({ object }) => {
        addAll(object.metadata.namespace)
      }),
    ),
  ]
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

/** True while an allowed eviction has not shown as a deletion. */
function syncBudget(store: Store, key: string): boolean {
  const { namespace, name } = splitKey(key)
  const budget = store.get<PodDisruptionBudget>('poddisruptionbudgets', namespace, name)
  if (!budget) return false
  const pods = podsOf(store, budget)
  if (pods.length === 0) tellNoPods(store, budget)
  const demand = demandOf(budget, pods.length, () => scaleOfControllers(store, pods))
  const status = budgetStatus(budget, pods, demand, Date.now())
  store.change<PodDisruptionBudget>('poddisruptionbudgets', namespace, name, (draft) => {
    draft.status = status
  })
  return status.disruptedPods !== undefined
}

function tellNoPods(store: Store, budget: PodDisruptionBudget): void {
  // Once for each spec: a lab has no resync that would repeat it.
  if (budget.status?.observedGeneration === budget.metadata.generation) return
  store.emitEvent({
    regarding: budget,
    type: 'Normal',
    reason: 'NoPods',
    message: 'No matching pods found',
    component: 'controllermanager',
  })
}

function podsOf(store: Store, { metadata, spec }: PodDisruptionBudget): Pod[] {
  const { selector } = spec
  if (!selector) return []
  return store
    .list<Pod>('pods', metadata.namespace)
    .filter((pod) => matchesSelector(selector, pod.metadata.labels))
}

/** `spec.replicas` of each Deployment, ReplicaSet or StatefulSet behind the pods, once each; other pods have no scale. */
function scaleOfControllers(store: Store, pods: readonly Pod[]): number {
  const scales = new Map<string, number>()
  for (const pod of pods) {
    const scaled = scaledOwner(store, pod)
    if (scaled) scales.set(scaled.metadata.uid, scaled.spec.replicas ?? 1)
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0)
}

function scaledOwner(store: Store, pod: Pod): Deployment | ReplicaSet | StatefulSet | undefined {
  const { namespace = '' } = pod.metadata
  const owner = controllerOf(pod)
  if (owner?.kind === 'StatefulSet') {
    return store.get<StatefulSet>('statefulsets', namespace, owner.name)
  }
  if (owner?.kind !== 'ReplicaSet') return undefined
  const replicaSet = store.get<ReplicaSet>('replicasets', namespace, owner.name)
  const above = replicaSet && controllerOf(replicaSet)
  const deployment = above && store.get<Deployment>('deployments', namespace, above.name)
  return deployment ?? replicaSet
}
