import type { Pod } from '../api/kinds/pod.ts'

/** Succeeded or Failed: it will not run again. */
export const isTerminal = (pod: Pod): boolean =>
  pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'

/** Neither ended nor being deleted; only such pods count as replicas (k8s-mechanics 4.1). */
export const isActive = (pod: Pod): boolean =>
  !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined

const readyCondition = (pod: Pod) => pod.status.conditions?.find(({ type }) => type === 'Ready')

export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True'

/** RFC 3339 in whole seconds; undefined when it is not ready. */
export const readySince = (pod: Pod): string | undefined =>
  isReady(pod) ? readyCondition(pod)?.lastTransitionTime : undefined

/** When the pod is, or will be, ready for `minReadySeconds`; undefined when it is not ready. */
export function availableAtMs(pod: Pod, minReadySeconds: number): number | undefined {
  if (!isReady(pod)) return undefined
  if (minReadySeconds === 0) return 0
  const since = readySince(pod)
  return since === undefined ? undefined : Date.parse(since) + minReadySeconds * 1000
}

/** Milliseconds until the next ready pod becomes available; undefined when none is waiting. */
export function nextAvailabilityMs(
  minReadySeconds: number | undefined,
  pods: readonly Pod[],
  nowMs: number,
): number | undefined {
  const waiting = pods
    .map((pod) => (availableAtMs(pod, minReadySeconds ?? 0) ?? 0) - nowMs)
    .filter((ms) => ms > 0)
  return waiting.length > 0 ? Math.min(...waiting) + 1 : undefined
}
