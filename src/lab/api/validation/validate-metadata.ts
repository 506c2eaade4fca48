import type { KubeObject, ResourceName } from '../store.ts'

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

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
    ...Object.entries(labels ?? {}).flatMap(([key, value]) => [
      ...validateKey('metadata.labels', key),
      ...validateLabelValue('metadata.labels', value),
    ]),
    ...Object.keys(annotations ?? {}).flatMap((key) => validateKey('metadata.annotations', key)),
  ]
}

function validateName(resource: ResourceName, name: unknown): string[] {
  if (typeof name !== 'string' || name === '') {
    return ['metadata.name: Required value: name or generateName is required']
  }
  const invalid = `metadata.name: Invalid value: "${name}": `
  if (PATH_SEGMENT_NAMES.has(resource)) {
    const bad = ['/', '%'].find((character) => name.includes(character))
    return bad === undefined ? [] : [`${invalid}may not contain '${bad}'`]
  }
  if (resource === 'services') {
    if (name.length <= 63 && SERVICE_NAME.test(name)) return []
    return [
      `${invalid}a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an ` +
        "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', " +
        "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ]
  }
  if (name.length <= 253 && SUBDOMAIN.test(name)) return []
  return [
    `${invalid}a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and ` +
      "must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
      "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ]
}

/** A name of a container or a volume. */
export const validateLabelName = (path: string, name: string): string[] =>
  name.length <= 63 && LABEL.test(name)
    ? []
    : [
        `${path}: Invalid value: "${name}": a lowercase RFC 1123 label must consist of lower case alphanumeric ` +
          "characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', " +
          "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ]

const validateKey = (path: string, key: string): string[] =>
  NAME_PART.test(key.slice(key.indexOf('/') + 1))
    ? []
    : [
        `${path}: Invalid value: "${key}": name part must consist of alphanumeric characters, '-', '_' or '.', and ` +
          "must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', " +
          "regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ]

const validateLabelValue = (path: string, value: string): string[] =>
  LABEL_VALUE.test(value)
    ? []
    : [
        `${path}: Invalid value: "${value}": a valid label must be an empty string or consist of alphanumeric ` +
          "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or " +
          "'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ]
