type Members = Record<string, unknown>

/** Set by whoever runs the server, or by its other parts, and not by what was asked. */
const LEFT_OUT = new Set([
  'managedFields',
  'kubernetes.io/psp',
  'deployment.kubernetes.io/revision',
])

/** Differ from run to run; whether they are there is compared. */
const MASKED = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'lastTransitionTime',
  'lastUpdateTime',
  'lastProbeTime',
  'clusterIP',
  'clusterIPs',
  'nodePort',
  'healthCheckNodePort',
  'continue',
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
])

/** Their controllers write the status at a moment of their own. */
const CONTROLLED = new Set(['Deployment', 'HorizontalPodAutoscaler', 'Job', 'PodDisruptionBudget'])

/** Lists in the order in which the server happened to learn of their items. */
const UNORDERED = new Set(['resourceRules', 'nonResourceRules'])

const byText = (left: unknown, right: unknown): number =>
  JSON.stringify(left) < JSON.stringify(right) ? -1 : 1

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** An answer's body with everything volatile masked, so that two servers can be compared. */
export function projectAnswer(body: unknown, namespace: string): unknown {
  return project(body, { namespace, key: '' })
}

interface Place {
  readonly namespace: string
  readonly key: string
}

function project(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return projectText(value, place)
  if (Array.isArray(value)) {
    const items = (value as unknown[]).filter((item) => !isTokenVolume(item))
    const projected = items.map((item) => project(item, place))
    return UNORDERED.has(place.key) ? projected.sort(byText) : projected
  }
  if (typeof value !== 'object' || value === null) return value
  const ownStatus = !CONTROLLED.has(String((value as Members)['kind']))
  const members = Object.entries(value as Members).flatMap(([key, member]): [string, unknown][] => {
    if (key === 'status' && !ownStatus) return []
    if (LEFT_OUT.has(key) || member === null || isEmptyList(key, member)) return []
    if (key === 'description') return []
    if (MASKED.has(key) && isMaskable(member)) return [[key, '*']]
    return [[key, project(member, { ...place, key })]]
  })
  return Object.fromEntries(members.sort(([left], [right]) => (left < right ? -1 : 1)))
}

const isMaskable = (member: unknown): boolean =>
  (typeof member === 'string' && member !== 'None' && member !== '') ||
  typeof member === 'number' ||
  (Array.isArray(member) && member[0] !== 'None')

/** What a real server mounts into every pod for its service account. */
const isTokenVolume = (item: unknown): boolean =>
  ((item as { name?: unknown } | null)?.name?.toString() ?? '').startsWith('kube-api-access-')

function isEmptyList(key: string, member: unknown): boolean {
  if (key !== 'volumes' && key !== 'volumeMounts' && key !== 'annotations') return false
  const rest = Array.isArray(member)
    ? member.filter((item) => !isTokenVolume(item))
    : Object.keys(member as object).filter((one) => !LEFT_OUT.has(one))
  return rest.length === 0
}

function projectText(text: string, { namespace, key }: Place): string {
  const masked = text.replaceAll(namespace, 'NS').replace(UID, 'UID')
  if (key === 'name') return masked.replace(/^made-[a-z0-9]{5}$/, 'made-*')
  if (key === 'message') return projectMessage(masked)
  if (key === 'cells' && /^\d+[smh]$/.test(text)) return 'AGE'
  if (key === 'cells' && /^\d+\.\d+\.\d+\.\d+$/.test(text)) return 'ADDRESS'
  return masked
}

const VERSIONS = [/(in record \()\d+/g, /(object meta: )\d+/g, /(resource version: )\d+/g]

/** A patch that is quoted whole contains times and versions; so does Go's text diff. */
function projectMessage(message: string): string {
  const withoutVersions = VERSIONS.reduce((text, one) => text.replace(one, '$1*'), message)
  return withoutVersions
    .replace(/(patch: Invalid value: )"[^]*": strict/g, '$1"*": strict')
    .replace(/^(Invalid value: )"[^]*": strict/g, '$1"*": strict')
    .replace(/\n@@[^]*$/, '\n*')
}
