import type { Pod } from '../../api/kinds/pod.ts'
import { isTerminal } from '../pod-state.ts'
import { createDaemon, deleteDaemon, isAvailable, tell } from './daemon-pod.ts'
import { type DaemonView, isFailed, newAndOld, rollingBounds } from './daemon-view.ts'
import { nodeRunsDaemon } from './node-runs-daemon.ts'

/** Gives each node that should have a daemon one, and takes away what is too many (k8s `manage`). */
export function manageDaemons(view: DaemonView): void {
  const { store, set, hash, nodes, podsOn } = view
  for (const node of nodes) {
    const { name } = node.metadata
    const pods = podsOn.get(name) ?? []
    const { shouldRun, mayStay } = nodeRunsDaemon(set, node)
    if (shouldRun && pods.length === 0) createDaemon(store, set, hash, name)
    else if (mayStay) tidyNode(view, name, pods)
    else for (const pod of pods) if (!isEnding(pod)) deleteDaemon(store, set, pod)
  }
}

const isEnding = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined

/** A daemon that has ended makes way for another; of several only one stays, or one old and one new in a surge. */
function tidyNode(view: DaemonView, node: string, pods: readonly Pod[]): void {
  const { store, set } = view
  const present = pods.filter((pod) => !isEnding(pod))
  for (const pod of present.filter(isTerminal)) {
    const { namespace = '', name } = pod.metadata
    const what = isFailed(pod) ? 'failed' : 'succeeded'
    const reason = isFailed(pod) ? 'FailedDaemonPod' : 'SucceededDaemonPod'
    const message = `Found ${what} daemon pod ${namespace}/${name} on node ${node}, will try to ${isFailed(pod) ? 'kill' : 'delete'} it`
    tell(store, set, isFailed(pod) ? 'Warning' : 'Normal', reason, message)
    deleteDaemon(store, set, pod)
  }
  const running = present.filter((pod) => !isTerminal(pod))
  if (running.length < 2 || isSurge(view, running)) return
  for (const pod of running.slice(1)) deleteDaemon(store, set, pod)
}

/** Both stay until the new one is available; then the rolling update deletes the old one. */
function isSurge({ set, hash, nodes, nowMs }: DaemonView, running: readonly Pod[]): boolean {
  const pair = newAndOld(running, hash)
  const { maxSurge } = rollingBounds(set, nodes.length)
  if (maxSurge === 0 || !pair?.newPod || !pair.oldPod) return false
  return !isAvailable(pair.newPod, set, nowMs) || set.spec.updateStrategy?.type !== 'OnDelete'
}
