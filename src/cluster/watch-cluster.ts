import type { Problem } from '../base/problem.ts'
import { type Result, succeed } from '../base/result.ts'
import type { Workload } from './find-workload.ts'
import { appsPath, autoscalingPath, corePath, discoveryPath, policyPath } from './paths.ts'
import { WORKLOAD_RESOURCES } from './restore/object-ref.ts'
import { endpointSliceFacts, type RawEndpointSlice } from './watch/endpoint-slice-facts.ts'
import { ownPods } from './watch/own-pods.ts'
import { podFacts, type RawPod } from './watch/pod-facts.ts'
import type { RawObject } from './watch/raw-object.ts'
import { type RawReplicaSet, replicaSetFacts } from './watch/replica-set-facts.ts'
import { type RawEvent, reportedEvent } from './watch/reported-event.ts'
import {
  autoscalerFacts,
  budgetFacts,
  nodeFacts,
  type RawAutoscaler,
  type RawBudget,
  type RawNode,
} from './watch/surroundings-facts.ts'
import { workloadChangeOf } from './watch/workload-change-of.ts'
import { watchIfAllowed, type Watcher, watchResource } from './watch-resource.ts'

export interface WatchOptions extends Watcher {
  readonly workload: WatchedPods
  /** Services whose EndpointSlices are watched; none: all of the namespace. */
  readonly services: readonly string[]
  /** Pods must be seen; of the rest it is told what is not permitted. */
  readonly needsOnlyPods?: boolean
}

/** Pods by their labels: those of a workload, or (no `ref`, no selector) all of the namespace. */
export type WatchedPods = Pick<Workload, 'namespace' | 'selector'> & Partial<Pick<Workload, 'ref'>>

/**
 * Watches the workload, its pods and ReplicaSets, the EndpointSlices on the load's way, and the namespace's Events.
 * Resolves when everything that was there has been told, and goes on until the signal aborts.
 */
export async function watchCluster(options: WatchOptions): Promise<Result<void, Problem>> {
  const { workload, services } = options
  const { ref, namespace, selector } = workload
  const ofPods = selector === '' ? {} : { query: { labelSelector: selector } }
  const watchMore = options.needsOnlyPods ? watchIfAllowed : watchResource
  const synced = await Promise.all([
    ...(ref
      ? [
          watchMore<RawObject>(options, {
            resource: WORKLOAD_RESOURCES[ref.kind],
            path: appsPath(namespace, WORKLOAD_RESOURCES[ref.kind]),
            query: { fieldSelector: `metadata.name=${ref.name}` },
            toChange: (object) => workloadChangeOf(ref.kind, object),
          }),
        ]
      : []),
    ...(ref?.kind === 'deployment'
      ? [
          watchMore<RawReplicaSet>(options, {
            resource: 'replicasets',
            path: appsPath(namespace, 'replicasets'),
            ...ofPods,
            toChange: (object) => ({ type: 'replica-set', replicaSet: replicaSetFacts(object) }),
          }),
        ]
      : []),
    watchResource<RawPod>(options, {
      resource: 'pods',
      path: corePath(namespace, 'pods'),
      ...ofPods,
      toChange: (object) => ({ type: 'pod', pod: podFacts(object) }),
      ...(ref && { isOurs: ownPods(ref) }),
    }),
    watchMore<RawEndpointSlice>(options, {
      resource: 'endpointslices',
      path: discoveryPath(namespace, 'endpointslices'),
      ...(services.length > 0 && {
        query: { labelSelector: `kubernetes.io/service-name in (${services.join(',')})` },
      }),
      toChange: (object) => ({ type: 'endpoint-slice', slice: endpointSliceFacts(object) }),
    }),
    watchMore<RawEvent>(options, {
      resource: 'events',
      path: corePath(namespace, 'events'),
      toChange: (object) => ({ type: 'reported-event', event: reportedEvent(object) }),
    }),
  ])
  await watchSurroundings(options)
  tellSkews(options)
  return synced.find((result) => !result.ok) ?? succeed(undefined)
}

/** What explains a disruption but is not needed for a verdict: a user who may not see it has a run all the same. */
async function watchSurroundings(options: WatchOptions): Promise<void> {
  const { namespace } = options.workload
  await Promise.all([
    watchIfAllowed<RawAutoscaler>(options, {
      resource: 'horizontalpodautoscalers',
      path: autoscalingPath(namespace, 'horizontalpodautoscalers'),
      toChange: (object) => ({ type: 'autoscaler', autoscaler: autoscalerFacts(object) }),
    }),
    watchIfAllowed<RawBudget>(options, {
      resource: 'poddisruptionbudgets',
      path: policyPath(namespace, 'poddisruptionbudgets'),
      toChange: (object) => ({ type: 'budget', budget: budgetFacts(object) }),
    }),
    watchIfAllowed<RawNode>(options, {
      resource: 'nodes',
      path: '/api/v1/nodes',
      toChange: (object) => ({ type: 'node', node: nodeFacts(object) }),
    }),
  ])
}

/** At the end of the watch, when most is known of the clocks. */
function tellSkews({ connection, signal, nowUs, onChange }: WatchOptions): void {
  const tell = () => {
    for (const skew of connection.clocks?.facts() ?? [])
      onChange({ atUs: nowUs(), type: 'clock-skew', skew })
  }
  signal.addEventListener('abort', tell, { once: true })
}
