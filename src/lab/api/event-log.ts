import type { KubeObject, LabEvent, Store } from './store.ts'
import { kubeTime } from './kube-time.ts'

const NODE = 'lab-node-1'
const COMPONENTS_ON_THE_NODE = new Set(['kubelet'])

/** A core/v1 Event in the form of the legacy recorder (k8s-mechanics 2.1, 2.4). */
interface RecordedEvent extends KubeObject {
  count: number
  lastTimestamp: string
}

/**
 * Turns {@link LabEvent}s into core/v1 Event objects of the store. The first of a kind makes an object,
 * the same one again raises its `count`.
 */
export function createEventLog(store: Pick<Store, 'create' | 'change'>): (event: LabEvent) => void {
  const known = new Map<string, { namespace: string; name: string }>()
  const nextUnixNano = unixNanoSource()
  return (event) => {
    const key = eventKey(event)
    const earlier = known.get(key)
    if (earlier && repeat(store, earlier.namespace, earlier.name)) return
    const object = eventObject(event, nextUnixNano())
    const created = store.create('events', object)
    if (created.ok) known.set(key, { namespace: namespaceOf(event), name: object.metadata.name })
  }
}

const namespaceOf = (event: LabEvent): string => event.regarding.metadata.namespace ?? 'default'

const eventKey = (event: LabEvent): string =>
  [
    event.regarding.metadata.uid,
    event.fieldPath ?? '',
    event.type,
    event.reason,
    event.message,
    event.component,
  ].join('\n')

function repeat(store: Pick<Store, 'change'>, namespace: string, name: string): boolean {
  const changed = store.change<RecordedEvent>('events', namespace, name, (draft) => {
    draft.count += 1
    draft.lastTimestamp = kubeTime()
  })
  return changed !== undefined
}

function eventObject(event: LabEvent, unixNano: bigint): KubeObject {
  const { regarding } = event
  const now = kubeTime()
  const onNode = COMPONENTS_ON_THE_NODE.has(event.component)
  const object = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${regarding.metadata.name}.${unixNano.toString(16)}`,
      namespace: namespaceOf(event),
      uid: '',
      resourceVersion: '',
      creationTimestamp: now,
    },
    involvedObject: {
      kind: regarding.kind,
      ...(regarding.metadata.namespace ? { namespace: regarding.metadata.namespace } : {}),
      name: regarding.metadata.name,
      uid: regarding.metadata.uid,
      apiVersion: regarding.apiVersion,
      resourceVersion: regarding.metadata.resourceVersion,
      ...(event.fieldPath ? { fieldPath: event.fieldPath } : {}),
    },
    reason: event.reason,
    message: event.message,
    source: { component: event.component, ...(onNode ? { host: NODE } : {}) },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type: event.type,
    eventTime: null,
    reportingComponent: event.component,
    reportingInstance: onNode ? NODE : '',
  }
  return object
}

/** Wall-clock nanoseconds that never repeat. */
function unixNanoSource(): () => bigint {
  let last = 0n
  return () => {
    const nowUs = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000))
    last = nowUs * 1000n > last ? nowUs * 1000n : last + 1n
    return last
  }
}
