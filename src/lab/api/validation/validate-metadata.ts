import type { KubeObject, ResourceName } from '../store.ts'
import {
  invalid,
  keyFaults,
  labelFaults,
  labelValueFaults,
  serviceNameFaults,
  subdomainFaults,
} from './name-faults.ts'

/** Their names may hold colons: `system:basic-user`. */
const PATH_SEGMENT_NAMES = new Set<ResourceName>([
  'roles',
  'rolebindings',
  'clusterroles',
  'clusterrolebindings',
])

/** The mistakes of an object's name, labels and annotations, in the words of Kubernetes. */
export function validateMetadata(resource: ResourceName, { metadata }: KubeObject): string[] {
  const { name, labels, annotations } = metadata
  return [
    ...validateName(resource, name),
    ...validateLabels('metadata.labels', labels),
    ...Object.keys(annotations ?? {}).flatMap((key) =>
      invalid('metadata.annotations', key, keyFaults(key.toLowerCase())),
    ),
  ]
}

/** The mistakes of labels, or of a selector that is made of them. */
export const validateLabels = (
  path: string,
  labels: Readonly<Record<string, string>> = {},
): string[] =>
  Object.entries(labels).flatMap(([key, value]) => [
    ...invalid(path, key, keyFaults(key)),
    ...invalid(path, value, labelValueFaults(value)),
  ])

function validateName(resource: ResourceName, name: unknown): string[] {
  if (typeof name !== 'string' || name === '') {
    return ['metadata.name: Required value: name or generateName is required']
  }
  return invalid('metadata.name', name, nameFaults(resource, name))
}

function nameFaults(resource: ResourceName, name: string): string[] {
  if (PATH_SEGMENT_NAMES.has(resource)) {
    const bad = ['/', '%'].find((character) => name.includes(character))
    return bad === undefined ? [] : [`may not contain '${bad}'`]
  }
  if (resource === 'services') return serviceNameFaults(name)
  return resource === 'namespaces' ? labelFaults(name) : subdomainFaults(name)
}
