import type { Node } from '../../api/kinds/node.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import { requiredNodeOf } from '../daemon-set/node-runs-daemon.ts'
import { untoleratedTaints } from './untolerated-taints.ts'

/**
 * Why the scheduler does not put a pod on a node, in the words of its plugins NodeUnschedulable, NodeAffinity and
 * TaintToleration; undefined: it may.
 */
export function whyUnfit(pod: Pod, { metadata, spec = {} }: Node): string | undefined {
  const { tolerations = [], nodeSelector = {} } = pod.spec
  const required = requiredNodeOf(pod)
  // A daemon belongs to its node, cordoned or not.
  if (spec.unschedulable && required === undefined) return 'were unschedulable'
  const labels = metadata.labels ?? {}
  const isSelected = Object.entries(nodeSelector).every(([key, value]) => labels[key] === value)
  if (!isSelected || (required !== undefined && required !== metadata.name)) {
    return "didn't match Pod's node affinity/selector"
  }
  const [taint] = untoleratedTaints(tolerations, spec.taints).filter(
    ({ effect }) => effect !== 'PreferNoSchedule',
  )
  return taint && `had untolerated taint {${taint.key}: ${taint.value ?? ''}}`
}
