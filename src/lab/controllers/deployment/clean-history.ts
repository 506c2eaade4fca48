import type { Store } from '../../api/store.ts'
import type { RolloutState } from './rollout-state.ts'
import { revisionNumber } from './revisions.ts'
import { sizeOf } from './rollout-state.ts'

/** Deletes the oldest empty ReplicaSets beyond `revisionHistoryLimit`. */
export function cleanHistory(store: Store, { deployment, old }: RolloutState): void {
  const surplus = old.length - (deployment.spec.revisionHistoryLimit ?? 10)
  const oldest = [...old].sort((left, right) => revisionNumber(left) - revisionNumber(right))
  for (const replicaSet of oldest.slice(0, Math.max(0, surplus))) {
    const { namespace = '', name, uid, generation = 0 } = replicaSet.metadata
    const { replicas = 0, observedGeneration = 0 } = replicaSet.status ?? {}
    if (sizeOf(replicaSet) > 0 || replicas > 0 || observedGeneration < generation) continue
    store.remove('replicasets', namespace, name, { uid })
  }
}
