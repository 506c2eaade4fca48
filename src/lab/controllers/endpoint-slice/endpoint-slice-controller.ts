import type { Random } from '../../../base/random.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { Service } from '../../api/kinds/service.ts'
import type { Change, Store } from '../../api/store.ts'
import { matchesSelector } from '../../api/matches-selector.ts'
import { keyOf, splitKey } from '../object-key.ts'
import { isReady, isTerminal } from '../pod-state.ts'
import { createSyncQueue } from '../sync-queue.ts'
import { propagationDelayMs, staleRetryMs } from './propagation-delay.ts'
import { writeSlices } from './write-slices.ts'

/** What the controller remembers of a Service. */
interface ServiceState {
  /** Its own source, so that its delays do not depend on what other Services do. */
  readonly random: Random
  lastWriteAtMs: number
  retries: number
}

/** Keeps EndpointSlices in step with pods, late as the real one (k8s-mechanics 3.1, 3.8). Gives the way to stop. */
export function startEndpointSliceController(store: Store, random: Random): () => void {
  const states = new Map<string, ServiceState>()
  const stateOf = (key: string): ServiceState => {
    const state = states.get(key) ?? {
      random: random.stream(key),
      lastWriteAtMs: -Infinity,
      retries: 0,
    }
    states.set(key, state)
    return state
  }
  const queue = createSyncQueue((key) => {
    const state = stateOf(key)
    const nowMs = performance.now()
    const retryMs = staleRetryMs(state.random, nowMs - state.lastWriteAtMs, state.retries)
    state.retries = retryMs === undefined ? 0 : state.retries + 1
    if (retryMs !== undefined) queue.addAfter(key, retryMs)
    else if (syncService(store, key)) state.lastWriteAtMs = nowMs
  })
  const trigger = (service: Service) => {
    const key = keyOf(service)
    queue.addAfter(key, propagationDelayMs(stateOf(key).random))
  }
  const unwatch = [
    store.watch<Service>('services', ({ type, object }) => {
      if (type === 'DELETED') states.delete(keyOf(object))
      else trigger(object)
    }),
    store.watch<Pod>('pods', triggerOnPods(store, trigger)),
  ]
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

/** True when slices were written. */
function syncService(store: Store, key: string): boolean {
  const { namespace, name } = splitKey(key)
  const service = store.get<Service>('services', namespace, name)
  if (!service?.spec.selector || service.spec.type === 'ExternalName') return false
  const matchLabels = service.spec.selector
  const pods = store
    .list<Pod>('pods', namespace)
    .filter((pod) => matchesSelector({ matchLabels }, pod.metadata.labels))
  return writeSlices(store, service, pods)
}

/** Tells the Services of a pod when something changed that an endpoint shows. */
function triggerOnPods(
  store: Store,
  trigger: (service: Service) => void,
): (change: Change<Pod>) => void {
  const known = new Map<string, Pod>()
  return ({ type, object }) => {
    const { uid, namespace } = object.metadata
    const before = known.get(uid)
    if (type === 'DELETED') known.delete(uid)
    else known.set(uid, object)
    const gone = type === 'DELETED'
    if (!gone && before && visibleState(before) === visibleState(object)) return
    const versions = before ? [before, object] : [object]
    for (const service of store.list<Service>('services', namespace)) {
      const matchLabels = service.spec.selector
      if (!matchLabels) continue
      if (versions.some((pod) => matchesSelector({ matchLabels }, pod.metadata.labels)))
        trigger(service)
    }
  }
}

const visibleState = (pod: Pod): string =>
  JSON.stringify([
    pod.metadata.labels,
    pod.metadata.deletionTimestamp !== undefined,
    pod.status.podIP,
    pod.spec.nodeName,
    isReady(pod),
    isTerminal(pod),
  ])
