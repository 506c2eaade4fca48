import type { LabelRequirement, LabelSelector } from './kinds/label-selector.ts'

/** Whether labels satisfy a metav1.LabelSelector; an empty one matches everything. */
export function matchesSelector(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  const equalities = Object.entries(selector.matchLabels ?? {})
  if (!equalities.every(([key, value]) => labels[key] === value)) return false
  return (selector.matchExpressions ?? []).every((requirement) => holds(requirement, labels))
}

function holds(requirement: LabelRequirement, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[requirement.key]
  const values = requirement.values ?? []
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return isInteger(value) && Number(value) > Number(values[0])
    case 'Lt':
      return isInteger(value) && Number(value) < Number(values[0])
  }
}

const isInteger = (value: string | undefined): boolean => /^-?\d+$/.test(value ?? '')
