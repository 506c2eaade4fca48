import { mistakes as words } from './validation/mistakes.ts'

type Shape = Readonly<Record<string, unknown>>

const COUNTS = [
  'parallelism',
  'completions',
  'backoffLimit',
  'activeDeadlineSeconds',
  'ttlSecondsAfterFinished',
]

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0

/** The mistakes of a Job's own fields; its pod template is looked at apart. */
export function validateJob(spec: Shape | undefined): string[] {
  if (!spec) return ['spec: Required value']
  const mistakes = COUNTS.filter((name) => !isCount(spec[name] ?? 0)).map(
    (name) =>
      `spec.${name}: Invalid value: ${String(spec[name])}: must be greater than or equal to 0`,
  )
  const template = spec['template'] as { spec?: { restartPolicy?: unknown } } | undefined
  const policy = template?.spec?.restartPolicy
  if (policy !== 'OnFailure' && policy !== 'Never') {
    const path = 'spec.template.spec.restartPolicy'
    mistakes.push(
      policy === undefined
        ? `${path}: Required value: valid values: "OnFailure", "Never"`
        : `${path}: Unsupported value: ${JSON.stringify(policy)}: supported values: "OnFailure", "Never"`,
    )
  }
  if (spec['completionMode'] === 'Indexed' && spec['completions'] === undefined) {
    mistakes.push('spec.completions: Required value: when completion mode is Indexed')
  }
  return mistakes
}

/** The mistakes of a PodDisruptionBudget. */
export function validatePodDisruptionBudget(spec: Shape | undefined): string[] {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec ?? {}
  const mistakes: string[] = []
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    mistakes.push(
      `spec: Invalid value: ${goSpec(spec)}: minAvailable and maxUnavailable cannot be both set`,
    )
  }
  for (const [name, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (value === undefined || isCount(value) || isPercentage(value)) continue
    const path = `spec.${name}`
    mistakes.push(
      typeof value === 'string' ? words.percentage(path, value) : words.negative(path, value),
    )
  }
  if (policy !== undefined && policy !== 'IfHealthyBudget' && policy !== 'AlwaysAllow') {
    mistakes.push(
      `spec.unhealthyPodEvictionPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "AlwaysAllow", "IfHealthyBudget"`,
    )
  }
  return mistakes
}

/** As Go prints the internal type. */
const goSpec = (spec: Shape = {}): string =>
  JSON.stringify({
    MinAvailable: spec['minAvailable'],
    Selector: spec['selector'] ?? null,
    MaxUnavailable: spec['maxUnavailable'],
    UnhealthyPodEvictionPolicy: spec['unhealthyPodEvictionPolicy'] ?? null,
  })

const isPercentage = (value: unknown): boolean =>
  typeof value === 'string' && /^\d+%$/.test(value) && Number.parseInt(value) <= 100
