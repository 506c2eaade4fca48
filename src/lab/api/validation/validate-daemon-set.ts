import type { DaemonSetSpec } from '../kinds/daemon-set.ts'
import type { JsonObject } from '../patch/json-object.ts'
import { isCount, mistakes } from './mistakes.ts'
import { validateWorkload } from './validate-workload.ts'

/** The mistakes of a DaemonSet's spec, in the words of Kubernetes. */
export function validateDaemonSet(spec: JsonObject | undefined): string[] {
  const found = validateWorkload('daemonset', spec)
  return spec ? [...found, ...validateStrategy(spec as unknown as DaemonSetSpec)] : found
}

function validateStrategy({ updateStrategy }: DaemonSetSpec): string[] {
  const { type = 'RollingUpdate', rollingUpdate } = updateStrategy ?? {}
  if (type === 'OnDelete') return []
  if (type !== ('RollingUpdate' as string)) {
    return [mistakes.unsupported('spec.updateStrategy.type', type, ['OnDelete', 'RollingUpdate'])]
  }
  const path = 'spec.updateStrategy.rollingUpdate'
  const { maxSurge = 0, maxUnavailable = 1 } = rollingUpdate ?? {}
  const found = [
    ...validateBound(`${path}.maxUnavailable`, maxUnavailable),
    ...validateBound(`${path}.maxSurge`, maxSurge),
  ]
  if (found.length > 0) return found
  if (!isZero(maxSurge) && !isZero(maxUnavailable)) {
    const value = JSON.stringify(maxSurge)
    return [
      `${path}.maxSurge: Invalid value: ${value}: may not be set when maxUnavailable is non-zero`,
    ]
  }
  return isZero(maxSurge) && isZero(maxUnavailable)
    ? [mistakes.required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]
    : []
}

const isZero = (value: unknown): boolean => value === 0 || value === '0%'

function validateBound(path: string, value: unknown): string[] {
  if (isCount(value)) return []
  if (typeof value === 'number') return [mistakes.negative(path, value)]
  if (typeof value !== 'string' || !/^\d+%$/.test(value)) return [mistakes.percentage(path, value)]
  return parseInt(value) > 100
    ? [`${path}: Invalid value: "${value}": must not be greater than 100%`]
    : []
}
