import type { Container, PodSpec } from '../kinds/pod.ts'
import { asObject } from '../patch/json-object.ts'
import { isCount, mistakes } from './mistakes.ts'
import { invalid, labelFaults } from './name-faults.ts'
import { validateContainer } from './validate-container.ts'

/** The restart policies that the owner of a pod allows. */
const ANY_RESTART_POLICY = ['Always', 'OnFailure', 'Never']

/** The mistakes of a pod's spec, or of a template's, in the words of Kubernetes. */
export function validatePodSpec(
  path: string,
  value: unknown,
  restartPolicies: readonly string[] = ANY_RESTART_POLICY,
): string[] {
  const members = asObject(value)
  const containers = members?.['containers']
  if (!members || !Array.isArray(containers) || containers.length === 0) {
    return [mistakes.required(`${path}.containers`)]
  }
  const spec = members as unknown as PodSpec
  const found = [
    ...validateVolumes(path, spec),
    ...validateContainers(path, 'initContainers', spec),
    ...validateContainers(path, 'containers', spec),
  ]
  const { restartPolicy = 'Always', activeDeadlineSeconds } = spec as PodSpec & {
    activeDeadlineSeconds?: unknown
  }
  if (!restartPolicies.includes(restartPolicy)) {
    found.push(mistakes.unsupported(`${path}.restartPolicy`, restartPolicy, restartPolicies))
  }
  if (activeDeadlineSeconds !== undefined && !isCount(activeDeadlineSeconds)) {
    found.push(mistakes.negative(`${path}.activeDeadlineSeconds`, activeDeadlineSeconds))
  }
  return found
}

function validateVolumes(path: string, spec: PodSpec): string[] {
  const { volumes = [] } = spec as unknown as { volumes?: { name?: string }[] }
  const names = new Set<string>()
  return volumes.flatMap(({ name }, index) => {
    const at = `${path}.volumes[${String(index)}].name`
    if (!name) return [mistakes.required(at)]
    if (names.has(name)) return [`${at}: Duplicate value: "${name}"`]
    names.add(name)
    return invalid(at, name, labelFaults(name))
  })
}

function validateContainers(
  path: string,
  field: 'containers' | 'initContainers',
  spec: PodSpec,
): string[] {
  const graceSeconds = spec.terminationGracePeriodSeconds ?? 30
  const volumes = (spec as unknown as { volumes?: { name: string }[] }).volumes ?? []
  const names = new Set<string>()
  return (spec[field] ?? []).flatMap((container, index) => {
    const at = `${path}.${field}[${String(index)}]`
    const found = validateContainer(at, container, graceSeconds)
    if (names.has(container.name)) found.push(`${at}.name: Duplicate value: "${container.name}"`)
    names.add(container.name)
    return [...found, ...validateMounts(at, container, volumes)]
  })
}

function validateMounts(
  path: string,
  container: Container,
  volumes: readonly { readonly name: string }[],
): string[] {
  const { volumeMounts = [] } = container as unknown as { volumeMounts?: { name: string }[] }
  return volumeMounts.flatMap(({ name }, index) =>
    volumes.some((volume) => volume.name === name)
      ? []
      : [`${path}.volumeMounts[${String(index)}].name: Not found: "${name}"`],
  )
}
