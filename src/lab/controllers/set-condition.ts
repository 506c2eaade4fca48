import type { Condition } from '../api/kinds/pod.ts'
import { kubeTime } from '../api/kube-time.ts'

/** The list with `condition` in it; `lastTransitionTime` changes only with its status. */
export function setCondition(conditions: readonly Condition[], condition: Condition): Condition[] {
  const current = conditions.find(({ type }) => type === condition.type)
  if (current?.status === condition.status && current.reason === condition.reason) {
    return [...conditions]
  }
  const now = kubeTime()
  const kept = current?.status === condition.status ? current.lastTransitionTime : undefined
  const next = { ...condition, lastUpdateTime: now, lastTransitionTime: kept ?? now }
  return [...conditions.filter(({ type }) => type !== condition.type), next]
}
