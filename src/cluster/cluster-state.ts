import type {
  ClusterChange,
  DeploymentFacts,
  EndpointSliceFacts,
  PodFacts,
} from './cluster-change.ts'

/** The latest of everything watched, folded from changes. */
export class ClusterState {
  readonly pods = new Map<string, PodFacts>()
  readonly slices = new Map<string, EndpointSliceFacts>()
  deployment: DeploymentFacts | undefined

  apply(change: ClusterChange): void {
    if (change.type === 'pod') put(this.pods, change.pod.uid, change.pod, change.change === 'gone')
    else if (change.type === 'endpoint-slice') {
      put(this.slices, change.slice.name, change.slice, change.change === 'gone')
    } else if (change.type === 'deployment') {
      this.deployment = change.change === 'gone' ? undefined : change.deployment
    }
  }

  /** Every replica that was asked for is up to date and available; old pods may still be ending. */
  get isReady(): boolean {
    const { deployment } = this
    return (
      deployment !== undefined &&
      deployment.observedGeneration >= deployment.generation &&
      deployment.updatedReplicas === deployment.specReplicas &&
      deployment.availableReplicas === deployment.specReplicas &&
      deployment.replicas === deployment.specReplicas
    )
  }

  /** Ready, the pods are just the replicas, none is ending, and the endpoints are the ready pods. */
  get isSettled(): boolean {
    const pods = [...this.pods.values()].filter((pod) => !isOver(pod))
    if (!this.isReady || pods.length !== this.deployment?.specReplicas) return false
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
