import type { Pod } from '../../api/kinds/pod.ts'
import { createDaemon, deleteDaemon, isAvailable } from './daemon-pod.ts'
import { type DaemonView, newAndOld, rollingBounds } from './daemon-view.ts'
import { nodeRunsDaemon } from './node-runs-daemon.ts'

/** One step of a rolling update (k8s `rollingUpdate`): old daemons go first, or with a surge new ones come first. */
export function rollDaemons(view: DaemonView): void {
  const { set, nodes } = view
  const wanted = nodes.filter((node) => nodeRunsDaemon(set, node).shouldRun)
  const bounds = rollingBounds(set, wanted.length)
  const names = wanted.map(({ metadata }) => metadata.name)
  if (bounds.maxSurge > 0) surge(view, names, bounds.maxSurge)
  else replace(view, names, bounds.maxUnavailable)
}

/** Deletes old daemons, no more than may be missing; those that do not work anyway do not count. */
function replace(
  { store, set, hash, podsOn, nowMs }: DaemonView,
  nodes: readonly string[],
  maxUnavailable: number,
): void {
  let unavailable = 0
  const broken: Pod[] = []
  const candidates: Pod[] = []
  for (const node of nodes) {
    const pair = newAndOld(podsOn.get(node) ?? [], hash)
    const { newPod, oldPod } = pair ?? {}
    if ((newPod && oldPod) || (!newPod && !oldPod)) unavailable += 1
    else if (newPod) unavailable += isAvailable(newPod, set, nowMs) ? 0 : 1
    else if (oldPod) (isAvailable(oldPod, set, nowMs) ? candidates : broken).push(oldPod)
  }
  const room = Math.max(0, maxUnavailable - unavailable)
  for (const pod of [...broken, ...candidates.slice(0, room)]) deleteDaemon(store, set, pod)
}

/** Creates new daemons beside old ones, and deletes an old one when the new one is available. */
function surge(
  { store, set, hash, podsOn, nowMs }: DaemonView,
  nodes: readonly string[],
  maxSurge: number,
): void {
  let surged = 0
  const broken: string[] = []
  const candidates: string[] = []
  for (const node of nodes) {
    const pair = newAndOld(podsOn.get(node) ?? [], hash)
    if (!pair) {
      surged += 1
      continue
    }
    const { newPod, oldPod } = pair
    if (!oldPod) continue
    if (!newPod) (isAvailable(oldPod, set, nowMs) ? candidates : broken).push(node)
    else if (isAvailable(newPod, set, nowMs)) deleteDaemon(store, set, oldPod)
    else surged += 1
  }
  const room = Math.max(0, maxSurge - surged)
  for (const node of [...broken, ...candidates.slice(0, room)]) createDaemon(store, set, hash, node)
}
