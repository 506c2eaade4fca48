import type { Container, PodSpec } from './kinds/pod.ts'

const RESOURCES = ['cpu', 'memory'] as const

/**
 * Guaranteed: every container has limits of cpu and memory, and requests (by default its limits) that equal them.
 * BestEffort: none has either. Burstable: all others.
 */
export function qosClassOf({ containers, initContainers = [] }: PodSpec): string {
  const all = [...containers, ...initContainers]
  if (all.every((container) => RESOURCES.every((name) => !has(container, name))))
    return 'BestEffort'
  return all.every(isGuaranteed) ? 'Guaranteed' : 'Burstable'
}

const has = ({ resources }: Container, name: string): boolean =>
  resources?.limits?.[name] !== undefined || resources?.requests?.[name] !== undefined

const isGuaranteed = ({ resources }: Container): boolean =>
  RESOURCES.every((name) => {
    const limit = resources?.limits?.[name]
    const request = resources?.requests?.[name] ?? limit
    return limit !== undefined && String(request) === String(limit)
  })
