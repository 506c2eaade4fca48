import type { KubeObject, LabEvent, Store } from './store.ts'
import { createEventCorrelator } from './correlate-events.ts'
import { kubeTime } from './kube-time.ts'

const NODE = 'lab-node-1'
const COMPONENTS_ON_THE_NODE = new Set(['kubelet'])

/** A core/v1 Event in the form of the legacy recorder (k8s-mechanics 2.1, 2.4). */
interface RecordedEvent extends KubeObject {
  count: number
  lastTimestamp: string
  message: string
}

/**
 * Turns {@link LabEvent}s into core/v1 Event objects of the store. The first of a kind makes an object,
 * the same one again raises its `count`, and many similar ones are combined. The count goes on while the spam filter
 * holds the writes back.
 */
export function createEventLog(store: Pick<Store, 'create' | 'change'>): (event: LabEvent) => void {
  const known = new Map<string, KnownEvent>()
  const correlate = createEventCorrelator()
  const nextUnixNano = unixNanoSource()
  return (event) => {
    const { key, message, allowed } = correlate(event, Date.now())
    const earlier = known.get(key)
    if (earlier) earlier.count += 1
    if (!allowed || (earlier && repeat(store, earlier, message))) return
    const object = eventObject({ ...event, message }, nextUnixNano())
    const { name } = object.metadata
    const created = store.create('events', object)
    if (created.ok) known.set(key, { namespace: namespaceOf(event), name, count: 1 })
  }
}

const namespaceOf = (event: LabEvent): string => event.regarding.metadata.namespace ?? 'default'

interface KnownEvent {
  readonly namespace: string
  readonly name: string
  count: number
}

function repeat(store: Pick<Store, 'change'>, known: KnownEvent, message: string): boolean {
  const changed = store.change<RecordedEvent>('events', known.namespace, known.name, (draft) => {
    draft.count = known.count
    draft.lastTimestamp = kubeTime()
    draft.message = message
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
