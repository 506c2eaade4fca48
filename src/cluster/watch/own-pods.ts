import type { WorkloadRef } from '../../scenario/scenario.ts'
import type { PodFacts } from '../cluster-change.ts'

type Told = { readonly type: 'pod'; readonly pod: PodFacts } | { readonly type: string }

/**
 * Tells the pods of a StatefulSet or a DaemonSet from others with the same labels, by their owner; one that was its own
 * stays so when it is orphaned. A Deployment's pods belong to ReplicaSets: there the labels decide.
 */
export function ownPods({ kind, name }: WorkloadRef): (told: Told) => boolean {
  if (kind === 'deployment') return () => true
  const own = new Set<string>()
  return (told) => {
    if (!('pod' in told)) return true
    const { uid, ownerKind, ownerName } = told.pod
    if (ownerKind?.toLowerCase() === kind && ownerName === name) own.add(uid)
    return own.has(uid)
  }
}
