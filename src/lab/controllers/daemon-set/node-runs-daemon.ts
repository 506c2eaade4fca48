import type { Node } from '../../api/kinds/node.ts'
import type { Pod, Toleration } from '../../api/kinds/pod.ts'
import type { DaemonSet } from '../../api/kinds/daemon-set.ts'
import { untoleratedTaints } from '../node/untolerated-taints.ts'

/** What every daemon tolerates: what befalls a node is no reason to leave it. */
export const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]

/** Whether a node should get a daemon, and whether one that is there may stay. */
export function nodeRunsDaemon(
  { spec }: DaemonSet,
  node: Node,
): { readonly shouldRun: boolean; readonly mayStay: boolean } {
  const template = spec.template.spec
  const { nodeSelector = {}, nodeName } = template
  const labels = node.metadata.labels ?? {}
  const fits =
    (nodeName === undefined || nodeName === node.metadata.name) &&
    Object.entries(nodeSelector).every(([key, value]) => labels[key] === value)
  const { tolerations = [] } = template
  const against = untoleratedTaints([...tolerations, ...DAEMON_TOLERATIONS], node.spec?.taints)
  return {
    shouldRun: fits && against.every(({ effect }) => effect === 'PreferNoSchedule'),
    mayStay: fits && against.every(({ effect }) => effect !== 'NoExecute'),
  }
}

/** The node that a pod is on, or must be on. */
export const nodeOf = (pod: Pod): string | undefined => pod.spec.nodeName ?? requiredNodeOf(pod)

/** The one node that a pod's affinity names, as a DaemonSet's pods have it. */
export function requiredNodeOf({ spec }: Pod): string | undefined {
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  const [field] = terms?.[0]?.matchFields ?? []
  return field?.key === 'metadata.name' && field.operator === 'In' ? field.values?.[0] : undefined
}
