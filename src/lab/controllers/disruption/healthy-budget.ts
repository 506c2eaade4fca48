import type { Pod } from '../../api/kinds/pod.ts'
import type {
  PodDisruptionBudget,
  PodDisruptionBudgetStatus,
} from '../../api/kinds/pod-disruption-budget.ts'
import { isReady } from '../pod-state.ts'
import { setCondition } from '../set-condition.ts'

/** How long an allowed eviction may take to show as a deletion, before its pod counts as healthy again. */
const DELETION_PATIENCE_MS = 120_000

/** What a budget asks for: the pods that should be there, and how many of them healthy. */
export interface Demand {
  readonly expectedPods: number
  readonly desiredHealthy: number
}

/** `scale`: the replicas that the controllers of the pods ask for; percentages round up. */
export function demandOf(
  { spec }: PodDisruptionBudget,
  podCount: number,
  scale: () => number,
): Demand {
  const { minAvailable, maxUnavailable } = spec
  if (maxUnavailable !== undefined) {
    const expectedPods = scale()
    const unavailable = resolve(maxUnavailable, expectedPods)
    return { expectedPods, desiredHealthy: Math.max(0, expectedPods - unavailable) }
  }
  if (typeof minAvailable === 'string') {
    const expectedPods = scale()
    return { expectedPods, desiredHealthy: resolve(minAvailable, expectedPods) }
  }
  return { expectedPods: podCount, desiredHealthy: minAvailable ?? 0 }
}

const resolve = (value: number | string, total: number): number =>
  typeof value === 'number' ? value : Math.ceil((Number.parseInt(value) * total) / 100)

/** Allowed evictions whose pod is still there and not yet being deleted; later their time is up. */
function pendingDisruptions(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  nowMs: number,
): Record<string, string> {
  const waiting = new Set(
    pods
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name),
  )
  return Object.fromEntries(
    Object.entries(status?.disruptedPods ?? {}).filter(
      ([name, time]) => waiting.has(name) && Date.parse(time) + DELETION_PATIENCE_MS > nowMs,
    ),
  )
}

/** The status of a budget from the pods it covers. */
export function budgetStatus(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  demand: Demand,
  nowMs: number,
): PodDisruptionBudgetStatus {
  const disruptedPods = pendingDisruptions(budget, pods, nowMs)
  const currentHealthy = pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      !(pod.metadata.name in disruptedPods) &&
      isReady(pod),
  ).length
  const spare = currentHealthy - demand.desiredHealthy
  const disruptionsAllowed = demand.expectedPods > 0 ? Math.max(0, spare) : 0
  const enough = disruptionsAllowed > 0
  return {
    observedGeneration: budget.metadata.generation ?? 0,
    ...demand,
    currentHealthy,
    disruptionsAllowed,
    ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
    conditions: setCondition(budget.status?.conditions ?? [], {
      type: 'DisruptionAllowed',
      status: enough ? 'True' : 'False',
      reason: enough ? 'SufficientPods' : 'InsufficientPods',
      message: '',
    }),
  }
}
