import type { Taint } from '../../api/kinds/node.ts'
import type { Toleration } from '../../api/kinds/pod.ts'

/** The taints that no toleration matches. */
export const untoleratedTaints = (
  tolerations: readonly Toleration[],
  taints: readonly Taint[] = [],
): Taint[] => taints.filter((taint) => !tolerations.some((one) => tolerates(one, taint)))

const tolerates = (
  { key, operator = 'Equal', value = '', effect }: Toleration,
  taint: Taint,
): boolean =>
  (effect === undefined || effect === taint.effect) &&
  (key === undefined || key === taint.key) &&
  (operator === 'Exists' || value === (taint.value ?? ''))
