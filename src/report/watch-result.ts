import type { PodLife } from '../analysis/pod-lives.ts'
import type { Recording } from '../recording/recording.ts'

/** What `podtank watch -o json` prints. Instants are arrivals, µs since the watch began. */
export interface WatchResult {
  readonly version: 1
  readonly podtank: string
  readonly runId: string
  readonly name: string
  readonly cluster: string
  readonly namespace: string
  /** Absent: all pods of the namespace. */
  readonly workload?: string
  readonly startedAt: string
  readonly durationUs: number
  readonly pods: readonly PodLife[]
  /** Times in which something could not be seen. */
  readonly gaps: readonly {
    readonly resource: string
    readonly fromUs: number
    readonly toUs: number
    readonly why: string
  }[]
  readonly notWatched: readonly { readonly resource: string; readonly why: string }[]
}

/** Puts together what was watched; pure. */
export function buildWatchResult(recording: Recording, pods: readonly PodLife[]): WatchResult {
  const { meta, plan, cluster } = recording
  const workload = plan.podsOnly?.workload
  return {
    version: 1,
    podtank: meta.podtankVersion,
    runId: meta.runId,
    name: plan.scenario.name,
    cluster: meta.environment.cluster,
    namespace: plan.namespace ?? '',
    ...(workload !== undefined && { workload }),
    startedAt: meta.startedAt,
    durationUs: recording.lastAtUs,
    pods,
    gaps: cluster.flatMap((change) => (change.type === 'gap' ? [change.gap] : [])),
    notWatched: cluster.flatMap((change) =>
      change.type === 'not-watched' ? [{ resource: change.resource, why: change.why }] : [],
    ),
  }
}
