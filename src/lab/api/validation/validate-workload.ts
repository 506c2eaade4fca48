import type { LabelRequirement, LabelSelector } from '../kinds/label-selector.ts'
import type { PodTemplate } from '../kinds/pod.ts'
import type { JsonObject } from '../patch/json-object.ts'
import { matchesSelector } from '../matches-selector.ts'
import { asObject } from '../patch/json-object.ts'
import { isCount, mistakes } from './mistakes.ts'
import { invalid } from './name-faults.ts'
import { validateLabels } from './validate-metadata.ts'
import { validatePodSpec } from './validate-pod-spec.ts'

/** The mistakes that a Deployment and a ReplicaSet have in common. */
export function validateWorkload(kind: string, spec: JsonObject | undefined): string[] {
  const { replicas, minReadySeconds, template } = spec ?? {}
  const found: string[] = []
  if (!isCount(replicas ?? 0)) found.push(mistakes.negative('spec.replicas', replicas))
  if (!isCount(minReadySeconds ?? 0)) {
    found.push(mistakes.negative('spec.minReadySeconds', minReadySeconds))
  }
  const podTemplate = asObject(template) as unknown as PodTemplate | undefined
  return [
    ...validateSelector(kind, asObject(spec?.['selector']), podTemplate),
    ...found,
    ...validatePodSpec('spec.template.spec', podTemplate?.spec, ['Always']),
  ]
}

function validateSelector(
  kind: string,
  selector: JsonObject | undefined,
  template: PodTemplate | undefined,
): string[] {
  const found: string[] = []
  const labels = template?.metadata?.labels
  if (!selector) found.push(mistakes.required('spec.selector'))
  else if (Object.keys(selector).length === 0) {
    return [`spec.selector: Invalid value: {}: empty selector is invalid for ${kind}`]
  }
  found.push(...validateTerms(selector))
  if (!selector || !matchesSelector(selector, labels ?? {})) {
    found.push(
      `spec.template.metadata.labels: Invalid value: ${JSON.stringify(labels ?? null)}: ` +
        '`selector` does not match template `labels`',
    )
  }
  return found
}

function validateTerms(selector: JsonObject | undefined): string[] {
  const { matchLabels, matchExpressions = [] } = (selector ?? {}) as LabelSelector
  const found = [
    ...validateLabels('spec.selector.matchLabels', matchLabels),
    ...matchExpressions.flatMap((one, index) =>
      validateRequirement(`spec.selector.matchExpressions[${String(index)}]`, one),
    ),
  ]
  return found.length === 0
    ? []
    : [
        ...found,
        `spec.selector: Invalid value: ${JSON.stringify(selector)}: invalid label selector`,
      ]
}

function validateRequirement(path: string, { operator, values = [] }: LabelRequirement): string[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [
            mistakes.required(
              `${path}.values`,
              "must be specified when `operator` is 'In' or 'NotIn'",
            ),
          ]
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [
            `${path}.values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
          ]
    default:
      return invalid(`${path}.operator`, operator, ['not a valid selector operator'])
  }
}
