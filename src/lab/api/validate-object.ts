import type { Deployment } from './kinds/deployment.ts'
import type { Container, PodSpec, PodTemplate } from './kinds/pod.ts'
import type { KubeObject, ResourceName, StoreError } from './store.ts'
import { matchesSelector } from './matches-selector.ts'
import { resourceKind } from './resource-kinds.ts'

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

type Shape = Readonly<Record<string, unknown>>

/** The mistakes for which Kubernetes would refuse an object, in its wording; none: it may be stored. */
export function validateObject(resource: ResourceName, object: KubeObject): string[] {
  const mistakes = validateName(object.metadata.name)
  const spec = asShape(object.spec)
  switch (resource) {
    case 'pods':
      return [...mistakes, ...validatePodSpec('spec', object.spec)]
    case 'deployments':
      mistakes.push(...validateWorkload(spec))
      if (mistakes.length === 0) mistakes.push(...validateStrategy(object as Deployment))
      return mistakes
    case 'replicasets':
      return [...mistakes, ...validateWorkload(spec)]
    case 'services':
      return [...mistakes, ...validateService(spec)]
    case 'ingresses':
      return spec ? mistakes : [...mistakes, 'spec: Required value']
    default:
      return mistakes
  }
}

/** A refused object as the error that becomes a `Status`. */
export function describeInvalid(
  resource: ResourceName,
  name: string,
  mistakes: readonly string[],
): StoreError {
  const { kind, group } = resourceKind(resource)
  const what = group === '' ? kind : `${kind}.${group}`
  const which = mistakes.length === 1 ? mistakes.join() : `[${mistakes.join(', ')}]`
  return { reason: 'Invalid', message: `${what} "${name}" is invalid: ${which}` }
}

const asShape = (value: unknown): Shape | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Shape)
    : undefined

function validateName(name: unknown): string[] {
  if (typeof name !== 'string' || name === '') {
    return ['metadata.name: Required value: name or generateName is required']
  }
  if (name.length <= 253 && SUBDOMAIN.test(name)) return []
  return [
    `metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case ` +
      "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  ]
}

function validateWorkload(spec: Shape | undefined): string[] {
  if (!spec) return ['spec: Required value']
  const template = asShape(spec['template'])
  const selector = asShape(spec['selector'])
  const mistakes = validatePodSpec('spec.template.spec', template?.['spec'])
  if (!isCount(spec['replicas'] ?? 0)) mistakes.push(negative('spec.replicas', spec['replicas']))
  if (!selector) return [...mistakes, 'spec.selector: Required value']
  const labels = (template as unknown as PodTemplate | undefined)?.metadata?.labels ?? {}
  if (!matchesSelector(selector, labels)) {
    mistakes.push(
      `spec.template.metadata.labels: Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
    )
  }
  return mistakes
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0

const negative = (path: string, value: unknown): string =>
  `${path}: Invalid value: ${String(value)}: must be greater than or equal to 0`

function validateStrategy(deployment: Deployment): string[] {
  const { minReadySeconds = 0, progressDeadlineSeconds = 600, strategy } = deployment.spec
  const mistakes: string[] = []
  if (progressDeadlineSeconds <= minReadySeconds) {
    mistakes.push(
      `spec.progressDeadlineSeconds: Invalid value: ${String(progressDeadlineSeconds)}: must be greater than minReadySeconds`,
    )
  }
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {}
  mistakes.push(...validateBound('maxSurge', maxSurge))
  mistakes.push(...validateBound('maxUnavailable', maxUnavailable))
  const isZero = (value: unknown) => value === 0 || value === '0%'
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    mistakes.push(
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
    )
  }
  if (typeof maxUnavailable === 'string' && parseInt(maxUnavailable) > 100) {
    mistakes.push(
      `spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "${maxUnavailable}": must not be greater than 100%`,
    )
  }
  return mistakes
}

function validateBound(name: string, value: unknown): string[] {
  const valid =
    value === undefined || isCount(value) || (typeof value === 'string' && /^\d+%$/.test(value))
  if (valid) return []
  const path = `spec.strategy.rollingUpdate.${name}`
  return [
    `${path}: Invalid value: ${JSON.stringify(value)}: must be a number or a percentage, e.g. "25%"`,
  ]
}

function validatePodSpec(path: string, value: unknown): string[] {
  const spec = asShape(value)
  const containers = spec?.['containers']
  if (!spec || !Array.isArray(containers) || containers.length === 0) {
    return [`${path}.containers: Required value`]
  }
  const podSpec = spec as unknown as PodSpec
  const graceSeconds = podSpec.terminationGracePeriodSeconds ?? 30
  const names = new Set<string>()
  return podSpec.containers.flatMap((container, index) => {
    const at = `${path}.containers[${String(index)}]`
    const mistakes = validateContainer(at, container, graceSeconds)
    if (names.has(container.name)) mistakes.push(`${at}.name: Duplicate value: "${container.name}"`)
    names.add(container.name)
    return mistakes
  })
}

function validateContainer(path: string, container: Container, graceSeconds: number): string[] {
  const mistakes: string[] = []
  if (!container.name) mistakes.push(`${path}.name: Required value`)
  const sleepSeconds = container.lifecycle?.preStop?.sleep?.seconds
  if (sleepSeconds !== undefined && !(sleepSeconds >= 0 && sleepSeconds <= graceSeconds)) {
    mistakes.push(
      `${path}.lifecycle.preStop.sleep: Invalid value: ${String(sleepSeconds)}: must be non-negative and ` +
        `less than terminationGracePeriodSeconds (${String(graceSeconds)})`,
    )
  }
  return mistakes
}

function validateService(spec: Shape | undefined): string[] {
  if (!spec) return ['spec.ports: Required value']
  const ports = spec['ports']
  const needsPorts = spec['clusterIP'] !== 'None' && spec['type'] !== 'ExternalName'
  if (!Array.isArray(ports) || ports.length === 0)
    return needsPorts ? ['spec.ports: Required value'] : []
  return ports.flatMap((port: unknown, index) => {
    const number = asShape(port)?.['port']
    const valid = Number.isInteger(number) && Number(number) >= 1 && Number(number) <= 65535
    return valid
      ? []
      : [
          `spec.ports[${String(index)}].port: Invalid value: ${String(number)}: must be between 1 and 65535, inclusive`,
        ]
  })
}
