import type { PodDisruptionBudget } from '../kinds/pod-disruption-budget.ts'
import type { Column } from './column.ts'
import { ageColumn, count, nameColumn, text } from './column.ts'

const orNone = (value: number | string | undefined): string =>
  value === undefined ? 'N/A' : String(value)

/** The columns of `kubectl get poddisruptionbudgets`. */
export const podDisruptionBudgetColumns: readonly Column<PodDisruptionBudget>[] = [
  nameColumn,
  text('Min Available', ({ spec }) => orNone(spec.minAvailable)),
  text('Max Unavailable', ({ spec }) => orNone(spec.maxUnavailable)),
  count('Allowed Disruptions', ({ status }) => status?.disruptionsAllowed),
  ageColumn,
]
