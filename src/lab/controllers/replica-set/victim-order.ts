import type { Pod } from '../../api/kinds/pod.ts'
import { isReady, readySince } from '../pod-state.ts'

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'

const phaseRank = { Pending: 0, Unknown: 1, Running: 2, Succeeded: 2, Failed: 2 }

/**
 * Pods in the order in which a scale-down deletes them (k8s-mechanics 4.2): unscheduled, by phase, not ready, cheap, on
 * a node with more of `related`, ready for less time, more restarts, younger; times on a logarithmic scale, and ties by
 * uid. `related`: the active pods of all ReplicaSets of the same owner.
 */
export function victimOrder(
  pods: readonly Pod[],
  nowMs: number,
  related: readonly Pod[] = pods,
): Pod[] {
  const perNode = new Map<string, number>()
  for (const pod of related) perNode.set(nodeOf(pod), (perNode.get(nodeOf(pod)) ?? 0) + 1)
  const crowdOf = (pod: Pod): number => perNode.get(nodeOf(pod)) ?? 0
  return [...pods].sort((left, right) => compare(left, right, nowMs, crowdOf))
}

const nodeOf = ({ spec }: Pod): string => spec.nodeName ?? ''

function compare(left: Pod, right: Pod, nowMs: number, crowdOf: (pod: Pod) => number): number {
  return (
    Number(Boolean(left.spec.nodeName)) - Number(Boolean(right.spec.nodeName)) ||
    phaseOf(left) - phaseOf(right) ||
    Number(isReady(left)) - Number(isReady(right)) ||
    deletionCost(left) - deletionCost(right) ||
    crowdOf(right) - crowdOf(left) ||
    compareAges(left, right, readySince, nowMs) ||
    restarts(right) - restarts(left) ||
    compareAges(left, right, (pod) => pod.metadata.creationTimestamp, nowMs) ||
    compareUids(left, right)
  )
}

const phaseOf = (pod: Pod): number => phaseRank[pod.status.phase ?? 'Unknown']

function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[DELETION_COST] ?? ''
  return /^-?\d+$/.test(text) ? Number(text) : 0
}

const restarts = (pod: Pod): number =>
  Math.max(0, ...(pod.status.containerStatuses ?? []).map((status) => status.restartCount))

/** Ages compare by the power of two of their nanoseconds; within one power the uid decides. */
function compareAges(
  left: Pod,
  right: Pod,
  timeOf: (pod: Pod) => string | undefined,
  nowMs: number,
): number {
  const leftTime = timeOf(left)
  const rightTime = timeOf(right)
  if (leftTime === rightTime) return 0
  if (leftTime === undefined || rightTime === undefined) return leftTime === undefined ? -1 : 1
  const difference = ageRank(leftTime, nowMs) - ageRank(rightTime, nowMs)
  return difference === 0 ? compareUids(left, right) : difference
}

function ageRank(time: string, nowMs: number): number {
  const ageNs = (nowMs - Date.parse(time)) * 1_000_000
  return ageNs > 0 ? Math.floor(Math.log2(ageNs)) : -1
}

const compareUids = (left: Pod, right: Pod): number =>
  left.metadata.uid < right.metadata.uid ? -1 : 1
