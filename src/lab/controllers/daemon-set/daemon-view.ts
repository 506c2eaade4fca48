import type { DaemonSet } from '../../api/kinds/daemon-set.ts'
import type { Node } from '../../api/kinds/node.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { Store } from '../../api/store.ts'
import { isTerminal } from '../pod-state.ts'
import { HASH_LABEL } from './daemon-pod.ts'

/** All that one sync of a DaemonSet looks at. */
export interface DaemonView {
  readonly store: Store
  readonly set: DaemonSet
  /** Of the present template. */
  readonly hash: string
  readonly nodes: readonly Node[]
  /** The daemons of each node by its name, oldest first, those that are ending included. */
  readonly podsOn: ReadonlyMap<string, readonly Pod[]>
  readonly nowMs: number
}

/** Of the present template. */
export const isUpdated = (pod: Pod, hash: string): boolean =>
  pod.metadata.labels?.[HASH_LABEL] === hash

/** The one new and the one old daemon of a node; undefined when there are several of a kind. */
export function newAndOld(
  pods: readonly Pod[],
  hash: string,
): { readonly newPod?: Pod; readonly oldPod?: Pod } | undefined {
  const running = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined)
  const fresh = running.filter((pod) => isUpdated(pod, hash))
  const stale = running.filter((pod) => !isUpdated(pod, hash))
  if (fresh.length > 1 || stale.length > 1) return undefined
  const [newPod] = fresh
  const [oldPod] = stale
  return { ...(newPod && { newPod }), ...(oldPod && { oldPod }) }
}

/** How many daemons may be missing, or be there twice, while the set is rolled; both round up. */
export function rollingBounds(
  { spec }: DaemonSet,
  desired: number,
): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const { maxSurge = 0, maxUnavailable = 1 } = spec.updateStrategy?.rollingUpdate ?? {}
  const resolve = (value: number | string) =>
    typeof value === 'number' ? value : Math.ceil((Number.parseInt(value) * desired) / 100)
  return { maxSurge: resolve(maxSurge), maxUnavailable: resolve(maxUnavailable) }
}

export const isFailed = (pod: Pod): boolean => isTerminal(pod) && pod.status.phase === 'Failed'
