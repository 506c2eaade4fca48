import type { Problem } from '../base/problem.ts'
import type { Random } from '../base/random.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { ClusterChange } from './cluster-change.ts'
import { apiProblem, type ClusterConnection } from './connect.ts'
import type { Workload } from './find-workload.ts'
import { mayI } from './may-i.ts'
import { appsPath, autoscalingPath, corePath, discoveryPath, policyPath } from './paths.ts'
import { WORKLOAD_RESOURCES } from './restore/object-ref.ts'
import { endpointSliceFacts, type RawEndpointSlice } from './watch/endpoint-slice-facts.ts'
import { ownPods } from './watch/own-pods.ts'
import { podFacts, type RawPod } from './watch/pod-facts.ts'
import type { RawObject } from './watch/raw-object.ts'
import { reflect } from './watch/reflect.ts'
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

export interface WatchOptions {
  readonly connection: ClusterConnection
  readonly workload: WatchedPods
  /** Services whose EndpointSlices are watched; none: all of the namespace. */
  readonly services: readonly string[]
  readonly nowUs: () => number
  readonly random: Random
  readonly signal: AbortSignal
  readonly onChange: (change: ClusterChange) => void
  /** Told when a resource is not seen any more; the gap itself is told at its end. */
  readonly onBlind?: (resource: string, why: string) => void
  /** Pods must be seen; of the rest it is told what is not permitted. */
  readonly needsOnlyPods?: boolean
}

/** Pods by their labels: those of a workload, or (no `ref`, no selector) all of the namespace. */
export type WatchedPods = Pick<Workload, 'namespace' | 'selector'> & Partial<Pick<Workload, 'ref'>>

/** What distinguishes one watched resource from another. */
interface Watched<Raw extends RawObject> {
  readonly resource: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly toChange: (object: Raw) => Untimed
  /** Absent: everything that the query selects. */
  readonly isOurs?: (change: Untimed) => boolean
}

type Untimed = DistributiveOmit<ClusterChange, 'atUs' | 'notBeforeUs' | 'change'>

type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never

/**
 * Watches the workload, its pods and ReplicaSets, the EndpointSlices on the load's way, and the namespace's Events.
 * Resolves when everything that was there has been told, and goes on until the signal aborts.
 */
export async function watchCluster(options: WatchOptions): Promise<Result<void, Problem>> {
  const { workload, services } = options
  const { ref, namespace, selector } = workload
  const ofPods = selector === '' ? {} : { query: { labelSelector: selector } }
  const watchMore = options.needsOnlyPods ? watchIfAllowed : watchOne
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
    watchOne<RawPod>(options, {
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

async function watchIfAllowed<Raw extends RawObject>(
  options: WatchOptions,
  watched: Watched<Raw>,
): Promise<Result<void, Problem>> {
  const { resource, path } = watched
  const tell = (why: string) =>
    options.onChange({ atUs: options.nowUs(), type: 'not-watched', resource, why })
  const question = { path, verbs: ['list', 'watch'] }
  if (!(await mayI(options.connection.client, question))) {
    tell('not permitted')
    return succeed(undefined)
  }
  const started = await watchOne(options, watched)
  if (!started.ok && !options.signal.aborted) tell(started.error.message)
  return succeed(undefined)
}

/** At the end of the watch, when most is known of the clocks. */
function tellSkews({ connection, signal, nowUs, onChange }: WatchOptions): void {
  const tell = () => {
    for (const skew of connection.clocks?.facts() ?? [])
      onChange({ atUs: nowUs(), type: 'clock-skew', skew })
  }
  signal.addEventListener('abort', tell, { once: true })
}

async function watchOne<Raw extends RawObject>(
  options: WatchOptions,
  watched: Watched<Raw>,
): Promise<Result<void, Problem>> {
  const isEvent = watched.resource === 'events'
  let isSynced = false
  const started = await reflect({
    client: options.connection.client,
    path: watched.path,
    ...(watched.query && { query: watched.query }),
    project: watched.toChange,
    nowUs: options.nowUs,
    random: options.random.stream(watched.resource),
    signal: options.signal,
    onChange(change, facts, at) {
      // Events of the time before the run, and the expiry of one, are no news.
      if (isEvent && (change === 'gone' || !isSynced)) return
      if (watched.isOurs && !watched.isOurs(facts)) return
      options.onChange({ ...at, change, ...facts } as ClusterChange)
      noteClocks(options, facts)
    },
    onBlind: (why) => options.onBlind?.(watched.resource, why),
    onGap: (gap) =>
      options.onChange({
        atUs: gap.toUs,
        type: 'gap',
        gap: { resource: watched.resource, ...gap },
      }),
  })
  isSynced = true
  if (started.ok) return started
  return fail(apiProblem(started.error, `watching ${watched.resource}`))
}

/** What is told of Events and pods also tells of the clocks of those who stamped them. */
function noteClocks({ connection }: WatchOptions, facts: Untimed): void {
  if (facts.type === 'pod') connection.clocks?.pod(facts.pod)
  if (facts.type === 'reported-event') connection.clocks?.event(facts.event, Date.now())
}
