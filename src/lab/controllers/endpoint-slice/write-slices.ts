import type { Endpoint, EndpointPort, EndpointSlice } from '../../api/kinds/endpoint-slice.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { Service } from '../../api/kinds/service.ts'
import type { KubeObject, Store } from '../../api/store.ts'
import type { DesiredSlice } from './desired-slices.ts'
import { sameJson } from '../../api/snapshot.ts'
import { controllerReference } from '../owner-reference.ts'
import { desiredSlices } from './desired-slices.ts'
import { placeEndpoints } from './place-endpoints.ts'
import { UNSTORED } from '../../api/unstored.ts'

const SERVICE_NAME = 'kubernetes.io/service-name'
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
const CONTROLLER = 'endpointslice-controller.k8s.io'
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time'

/** Brings the slices of a Service to what its pods are now; true when something was written. */
export function writeSlices(store: Store, service: Service, pods: readonly Pod[]): boolean {
  const unused = new Set(slicesOf(store, service))
  const triggerTime = lastReadyChange(pods)
  let wrote = false
  for (const { ports, endpoints } of desiredSlices(service, pods)) {
    const existing = pickSlices([...unused], ports, endpoints)
    const placed = placeEndpoints(
      existing.map((slice) => slice.endpoints),
      endpoints,
    )
    for (const [index, part] of placed.entries()) {
      const slice = existing[index]
      if (part.length === 0 && placed.some((other) => other.length > 0)) continue
      if (slice) unused.delete(slice)
      const desired = { ports, endpoints: part }
      const written = slice
        ? update(store, slice, desired, triggerTime)
        : add(store, service, desired, triggerTime)
      wrote ||= written
    }
    if (placed.length === 0) {
      wrote = add(store, service, { ports, endpoints: [] }, triggerTime) || wrote
    }
  }
  for (const slice of unused) {
    store.remove('endpointslices', slice.metadata.namespace ?? '', slice.metadata.name)
    wrote = true
  }
  return wrote
}

const slicesOf = (store: Store, service: Service): readonly EndpointSlice[] =>
  store
    .list<EndpointSlice>('endpointslices', service.metadata.namespace)
    .filter(
      ({ metadata: { labels = {} } }) =>
        labels[SERVICE_NAME] === service.metadata.name && labels[MANAGED_BY] === CONTROLLER,
    )

/** The slices of the same ports; else one that has no endpoints yet, or whichever when none are left to hold. */
function pickSlices(
  slices: readonly EndpointSlice[],
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
): EndpointSlice[] {
  const same = slices.filter((slice) => sameJson(slice.ports, ports))
  if (same.length > 0) return same
  return slices
    .filter((slice) => slice.endpoints.length === 0 || endpoints.length === 0)
    .slice(0, 1)
}

/** Of all Ready conditions the latest change; the resolution is one second (k8s-mechanics 2.1). */
const lastReadyChange = (pods: readonly Pod[]): string | undefined =>
  pods
    .flatMap(({ status }) => status.conditions ?? [])
    .flatMap(({ type, lastTransitionTime }) =>
      type === 'Ready' && lastTransitionTime ? [lastTransitionTime] : [],
    )
    .sort()
    .at(-1)

function update(
  store: Store,
  slice: EndpointSlice,
  desired: DesiredSlice,
  triggerTime: string | undefined,
): boolean {
  if (sameJson(slice.endpoints, desired.endpoints) && sameJson(slice.ports, desired.ports)) {
    return false
  }
  const { namespace = '', name } = slice.metadata
  store.change<EndpointSlice>('endpointslices', namespace, name, (draft) => {
    Object.assign(draft, desired)
    if (triggerTime) {
      draft.metadata.annotations = { ...draft.metadata.annotations, [TRIGGER_TIME]: triggerTime }
    }
  })
  return true
}

function add(
  store: Store,
  service: Service,
  desired: DesiredSlice,
  triggerTime: string | undefined,
): boolean {
  const { name, namespace = '', labels } = service.metadata
  const slice: KubeObject & DesiredSlice & { addressType: string } = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: '',
      generateName: `${name}-`,
      namespace,
      ...UNSTORED,
      labels: { ...labels, [SERVICE_NAME]: name, [MANAGED_BY]: CONTROLLER },
      ...(triggerTime ? { annotations: { [TRIGGER_TIME]: triggerTime } } : {}),
      ownerReferences: [controllerReference(service)],
    },
    addressType: 'IPv4',
    ...desired,
  }
  return store.create('endpointslices', slice).ok
}
