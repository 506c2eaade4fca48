import type { Condition } from '../kinds/pod.ts'
import type { KubeObject } from '../store.ts'
import type { Column } from './column.ts'
import { ageColumn, count, nameColumn, text, wide } from './column.ts'
import { ageOf } from './human-duration.ts'

interface NamespaceObject extends KubeObject {
  status?: { phase?: string }
}

interface NodeObject extends KubeObject {
  spec?: { unschedulable?: boolean }
  status?: { conditions?: Condition[]; nodeInfo?: { kubeletVersion?: string } }
}

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
]

function nodeStatus({ spec, status }: NodeObject): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status
  const word = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady'
  return spec?.unschedulable ? `${word},SchedulingDisabled` : word
}

/** The columns of `kubectl get configmaps`. */
export const configMapColumns: readonly Column<ConfigMapObject>[] = [
  nameColumn,
  count('Data', ({ data }) => Object.keys(data ?? {}).length),
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
