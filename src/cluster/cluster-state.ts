import type { ClusterChange, EndpointSliceFacts, PodFacts } from './cluster-change.ts'
import { isRolledOut, type Rollout, rolloutOf } from './rollout.ts'
import { isOfWorkload } from './workload-change.ts'

/** The latest of everything watched, folded from changes. */
export class ClusterState {
  readonly pods = new Map<string, PodFacts>()
  readonly slices = new Map<string, EndpointSliceFacts>()
  /** Undefined: the workload is not there. */
  rollout: Rollout | undefined

  apply(change: ClusterChange): void {
    if (change.type === 'pod') put(this.pods, change.pod.uid, change.pod, change.change === 'gone')
    else if (change.type === 'endpoint-slice') {
      put(this.slices, change.slice.name, change.slice, change.change === 'gone')
    } else if (isOfWorkload(change)) {
      this.rollout = change.change === 'gone' ? undefined : rolloutOf(change)
    }
  }

  /** Every pod that was asked for is up to date and available; old pods may still be ending. */
  get isReady(): boolean {
    return this.rollout !== undefined && isRolledOut(this.rollout)
  }

  /** Ready, the pods are just those wanted, none is ending, and the endpoints are the ready pods. */
  get isSettled(): boolean {
    const pods = [...this.pods.values()].filter((pod) => !isOver(pod))
    if (!this.isReady || pods.length !== this.rollout?.lasting) return false
    if (pods.some((pod) => pod.deletionTimestamp !== undefined)) return false
    const ready = pods.filter((pod) => pod.ready).length
    return [...this.#readyByService().values()].every((count) => count === ready)
  }

  #readyByService(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const slice of this.slices.values()) {
      const ready = slice.endpoints.filter((endpoint) => endpoint.ready).length
      counts.set(slice.service, (counts.get(slice.service) ?? 0) + ready)
    }
    return counts
  }
}

/** Evicted and completed pods stay as objects; they are nobody's replicas any more. */
const isOver = (pod: PodFacts) =>
  pod.deletionTimestamp === undefined && (pod.phase === 'Failed' || pod.phase === 'Succeeded')

function put<T>(map: Map<string, T>, key: string, value: T, isGone: boolean): void {
  if (isGone) map.delete(key)
  else map.set(key, value)
}
