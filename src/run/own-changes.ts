import type { ClusterChange, EndpointSliceFacts } from '../cluster/cluster-change.ts'
import type { WatchedPods } from '../cluster/watch-cluster.ts'

type SliceChange = Extract<ClusterChange, { type: 'endpoint-slice' }>

/**
 * Passes on what concerns the watched pods: of EndpointSlices their endpoints, of Events those about them and the
 * workload. So no Service needs to be read. Slices wait until the first list of pods is there.
 */
export class OwnChanges {
  readonly #pods: WatchedPods
  readonly #pass: (change: ClusterChange) => void
  readonly #podNames = new Set<string>()
  /** Slices that had an endpoint of ours. */
  readonly #slices = new Set<string>()
  #waiting: SliceChange[] | undefined = []

  constructor(pods: WatchedPods, pass: (change: ClusterChange) => void) {
    this.#pods = pods
    this.#pass = pass
  }

  take(change: ClusterChange): void {
    if (change.type === 'pod') this.#podNames.add(change.pod.name)
    if (change.type === 'endpoint-slice') {
      if (this.#waiting) this.#waiting.push(change)
      else this.#passSlice(change)
    } else if (change.type !== 'reported-event' || this.#isOwn(change.event.objectName)) {
      this.#pass(change)
    }
  }

  /** The first list of pods has been told. */
  release(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const change of waiting) this.#passSlice(change)
  }

  #passSlice(change: SliceChange): void {
    const own = this.#ownOf(change.slice)
    if (own.endpoints.length > 0) this.#slices.add(own.name)
    if (this.#slices.has(own.name)) this.#pass({ ...change, slice: own })
    if (change.change === 'gone') this.#slices.delete(own.name)
  }

  #ownOf(slice: EndpointSliceFacts): EndpointSliceFacts {
    const endpoints = slice.endpoints.filter(
      ({ podName }) => podName !== undefined && this.#podNames.has(podName),
    )
    return { ...slice, endpoints }
  }

  #isOwn(name: string): boolean {
    const { ref } = this.#pods
    return ref === undefined || this.#podNames.has(name) || name.startsWith(ref.name)
  }
}
