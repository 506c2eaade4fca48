import type { DeploymentSpec } from '../kinds/deployment.ts'
import type { JsonObject } from '../patch/json-object.ts'
import { isCount, mistakes } from './mistakes.ts'
import { validateWorkload } from './validate-workload.ts'

/** The mistakes of a Deployment's spec, in the words of Kubernetes. */
export function validateDeployment(spec: JsonObject | undefined): string[] {
  const found = validateWorkload('deployment', spec)
  if (!spec) return found
  const { minReadySeconds = 0, progressDeadlineSeconds = 600 } = spec as unknown as DeploymentSpec
  const { revisionHistoryLimit = 10 } = spec as { revisionHistoryLimit?: unknown }
  if (!isCount(revisionHistoryLimit)) {
    found.push(mistakes.negative('spec.revisionHistoryLimit', revisionHistoryLimit))
  }
  if (!isCount(progressDeadlineSeconds)) {
    found.push(mistakes.negative('spec.progressDeadlineSeconds', progressDeadlineSeconds))
  }
  if (progressDeadlineSeconds <= minReadySeconds) {
    found.push(
      `spec.progressDeadlineSeconds: Invalid value: ${String(progressDeadlineSeconds)}: must be greater than minReadySeconds`,
    )
  }
  return [...found, ...validateStrategy(spec as unknown as DeploymentSpec)]
}

function validateStrategy({ strategy }: DeploymentSpec): string[] {
  const { type = 'RollingUpdate', rollingUpdate } = strategy ?? {}
  const path = 'spec.strategy.rollingUpdate'
  if (type === 'Recreate' && rollingUpdate) {
    return [`${path}: Forbidden: may not be specified when strategy \`type\` is 'Recreate'`]
  }
  if (type !== 'RollingUpdate' && type !== ('Recreate' as string)) {
    const value = { Type: type, RollingUpdate: null }
    return [mistakes.unsupported('spec.strategy', value, ['Recreate', 'RollingUpdate'])]
  }
  const { maxSurge, maxUnavailable } = rollingUpdate ?? {}
  const found = [
    ...validateBound(`${path}.maxUnavailable`, maxUnavailable),
    ...validateBound(`${path}.maxSurge`, maxSurge),
  ]
  const isZero = (value: unknown) => value === 0 || value === '0%'
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    found.push(`${path}.maxUnavailable: Invalid value: 0: may not be 0 when \`maxSurge\` is 0`)
  }
  if (typeof maxUnavailable === 'string' && parseInt(maxUnavailable) > 100) {
    found.push(
      `${path}.maxUnavailable: Invalid value: "${maxUnavailable}": must not be greater than 100%`,
    )
  }
  return found
}

function validateBound(path: string, value: unknown): string[] {
  if (value === undefined || isCount(value)) return []
  if (typeof value === 'number') return [mistakes.negative(path, value)]
  return typeof value === 'string' && /^\d+%$/.test(value) ? [] : [mistakes.percentage(path, value)]
}
