import type { Endpoints } from '../kinds/endpoints.ts'
import type { Condition } from '../kinds/pod.ts'
import type { Secret } from '../kinds/secret.ts'
import type { KubeObject } from '../store.ts'
import type { Column } from './column.ts'
import { ageColumn, count, countAsText, nameColumn, text, wide } from './column.ts'
import { ageOf } from './human-duration.ts'

interface NamespaceObject extends KubeObject {
  status?: { phase?: string }
}

interface NodeObject extends KubeObject {
  spec?: { unschedulable?: boolean }
  status?: {
    conditions?: Condition[]
    addresses?: { type: string; address: string }[]
    nodeInfo?: Partial<Record<NodeFact, string>>
  }
}

type NodeFact = 'kubeletVersion' | 'osImage' | 'kernelVersion' | 'containerRuntimeVersion'

interface ConfigMapObject extends KubeObject {
  data?: Record<string, string>
}

interface EventObject extends KubeObject {
  lastTimestamp?: string | null
  firstTimestamp?: string | null
  type: string
  reason: string
  message: string
  count?: number
  source?: { component?: string }
  involvedObject: { kind: string; name: string; fieldPath?: string }
}

/** The columns of `kubectl get namespaces`. */
export const namespaceColumns: readonly Column<NamespaceObject>[] = [
  nameColumn,
  text('Status', ({ status }) => status?.phase ?? ''),
  ageColumn,
]

/** The columns of `kubectl get nodes`. */
export const nodeColumns: readonly Column<NodeObject>[] = [
  nameColumn,
  text('Status', nodeStatus),
  text('Roles', () => '<none>'),
  ageColumn,
  text('Version', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
  wide(text('Internal-IP', (node) => nodeAddress(node, 'InternalIP'))),
  wide(text('External-IP', (node) => nodeAddress(node, 'ExternalIP'))),
  wide(text('OS-Image', (node) => nodeFact(node, 'osImage'))),
  wide(text('Kernel-Version', (node) => nodeFact(node, 'kernelVersion'))),
  wide(text('Container-Runtime', (node) => nodeFact(node, 'containerRuntimeVersion'))),
]

const nodeAddress = ({ status }: NodeObject, type: string): string =>
  status?.addresses?.find((one) => one.type === type)?.address ?? '<none>'

const nodeFact = ({ status }: NodeObject, fact: NodeFact): string =>
  status?.nodeInfo?.[fact] ?? '<unknown>'

function nodeStatus({ spec, status }: NodeObject): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status
  const word = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady'
  return spec?.unschedulable ? `${word},SchedulingDisabled` : word
}

/** The columns of `kubectl get configmaps`. */
export const configMapColumns: readonly Column<ConfigMapObject>[] = [
  nameColumn,
  countAsText('Data', ({ data }) => Object.keys(data ?? {}).length),
  ageColumn,
]

/** The columns of `kubectl get events`. */
export const eventColumns: readonly Column<EventObject>[] = [
  text('Last Seen', ({ lastTimestamp, firstTimestamp }) => ageOf(lastTimestamp ?? firstTimestamp)),
  text('Type', (event) => event.type),
  text('Reason', (event) => event.reason),
  text(
    'Object',
    ({ involvedObject }) => `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`,
  ),
  wide(text('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? '')),
  wide(text('Source', ({ source }) => source?.component ?? '')),
  text('Message', (event) => event.message.trim()),
  wide(text('First Seen', ({ firstTimestamp }) => ageOf(firstTimestamp))),
  wide(count('Count', (event) => event.count)),
  wide(nameColumn),
]

/** The columns of `kubectl get secrets`. */
export const secretColumns: readonly Column<Secret>[] = [
  nameColumn,
  text('Type', ({ type }) => type ?? ''),
  count('Data', ({ data = {} }) => Object.keys(data).length),
  ageColumn,
]

/** The columns of `kubectl get serviceaccounts`. */
export const serviceAccountColumns: readonly Column<KubeObject>[] = [
  nameColumn,
  countAsText('Secrets', () => 0),
  ageColumn,
]

/** The columns of `kubectl get endpoints`. */
export const endpointsColumns: readonly Column<Endpoints>[] = [
  nameColumn,
  text('Endpoints', endpointTexts),
  ageColumn,
]

const SHOWN_ENDPOINTS = 3

function endpointTexts({ subsets = [] }: Endpoints): string {
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    addresses.flatMap(({ ip }) => ports.map(({ port }) => `${ip}:${String(port)}`)),
  )
  if (all.length === 0) return '<none>'
  const shown = all.slice(0, SHOWN_ENDPOINTS).join()
  const more = all.length - SHOWN_ENDPOINTS
  return more > 0 ? `${shown} + ${String(more)} more...` : shown
}
