/** What is wrong with a text as a name of some form, in the words of Kubernetes' validation; none: it is one. */
type Faults = (text: string) => string[]

interface Form {
  readonly pattern: RegExp
  readonly longest: number
  readonly rule: string
}

const SUBDOMAIN_PATTERN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
const NAME_PART_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

const LABEL: Form = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  rule:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
    "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
}

const SUBDOMAIN: Form = {
  pattern: new RegExp(`^${SUBDOMAIN_PATTERN}$`),
  longest: 253,
  rule:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
    `and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN_PATTERN}')`,
}

const WILDCARD: Form = {
  pattern: new RegExp(`^\\*\\.${SUBDOMAIN_PATTERN}$`),
  longest: 253,
  rule:
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of " +
    "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', " +
    `regex used for validation is '\\*\\.${SUBDOMAIN_PATTERN}')`,
}

const SERVICE_NAME: Form = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  rule:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, " +
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is " +
    "'[a-z]([-a-z0-9]*[a-z0-9])?')",
}

const LABEL_VALUE: Form = {
  pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  longest: 63,
  rule:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start " +
    "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation " +
    "is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
}

const NAME_PART: Form = {
  pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
  longest: 63,
  rule: NAME_PART_RULE,
}

const faultsOf =
  ({ pattern, longest, rule }: Form): Faults =>
  (text) => [
    ...(text.length > longest ? [`must be no more than ${String(longest)} characters`] : []),
    ...(pattern.test(text) ? [] : [rule]),
  ]

/** Of containers, volumes, namespaces, ports of Services (IsDNS1123Label). */
export const labelFaults = faultsOf(LABEL)

/** Of most objects (IsDNS1123Subdomain). */
export const subdomainFaults = faultsOf(SUBDOMAIN)

/** Of Services (IsDNS1035Label). */
export const serviceNameFaults = faultsOf(SERVICE_NAME)

/** Of hosts that begin with a wildcard (IsWildcardDNS1123Subdomain). */
export const wildcardFaults = faultsOf(WILDCARD)

/** Of values of labels (IsValidLabelValue). */
export const labelValueFaults = faultsOf(LABEL_VALUE)

/** Of keys of labels and annotations (IsQualifiedName). */
export function keyFaults(key: string): string[] {
  const parts = key.split('/')
  if (parts.length > 2) {
    return [
      `a qualified name ${NAME_PART_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const [prefix, name = ''] = parts.length === 2 ? parts : [undefined, key]
  return [
    ...(prefix === undefined ? [] : ofPart('prefix', prefix, subdomainFaults)),
    ...ofPart('name', name, faultsOf(NAME_PART)),
  ]
}

function ofPart(part: string, text: string, faults: Faults): string[] {
  const found = faults(text).map((fault) => `${part} part ${fault}`)
  if (text !== '') return found
  return part === 'prefix'
    ? ['prefix part must be non-empty']
    : ['name part must be non-empty', ...found]
}

/** Of named ports of containers, probes and targets (IsValidPortName). */
export function portNameFaults(name: string): string[] {
  const found: string[] = []
  if (name.length > 15) found.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(name)) {
    found.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  }
  if (!/[a-z]/.test(name)) found.push('must contain at least one letter (a-z)')
  if (name.includes('--')) found.push('must not contain consecutive hyphens')
  if (/^-|-$/.test(name)) found.push('must not begin or end with a hyphen')
  return found
}

/** Each fault as a sentence about a field and its value. */
export const invalid = (path: string, text: string, faults: readonly string[]): string[] =>
  faults.map((fault) => `${path}: Invalid value: ${JSON.stringify(text)}: ${fault}`)
