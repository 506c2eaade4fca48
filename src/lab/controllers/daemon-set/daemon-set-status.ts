import type { DaemonSetStatus } from '../../api/kinds/daemon-set.ts'
import { isReady } from '../pod-state.ts'
import { isAvailable } from './daemon-pod.ts'
import { type DaemonView, isUpdated } from './daemon-view.ts'
import { nodeRunsDaemon } from './node-runs-daemon.ts'

/** The status that follows from the nodes and their daemons; of several on a node the oldest counts. */
export function daemonSetStatus({ set, hash, nodes, podsOn, nowMs }: DaemonView): DaemonSetStatus {
  const daemonOn = (name: string) => podsOn.get(name)?.[0]
  const names = (shouldRun: boolean) =>
    nodes
      .filter((node) => nodeRunsDaemon(set, node).shouldRun === shouldRun)
      .map(({ metadata }) => metadata.name)
  const desired = names(true)
  const daemons = desired.flatMap((name) => daemonOn(name) ?? [])
  const numberAvailable = daemons.filter((pod) => isAvailable(pod, set, nowMs)).length
  return {
    observedGeneration: set.metadata.generation ?? 0,
    desiredNumberScheduled: desired.length,
    currentNumberScheduled: daemons.length,
    numberMisscheduled: names(false).filter((name) => daemonOn(name)).length,
    numberReady: daemons.filter(isReady).length,
    updatedNumberScheduled: desired.filter((name) =>
      podsOn.get(name)?.some((pod) => isUpdated(pod, hash) && pod === daemonOn(name)),
    ).length,
    numberAvailable,
    numberUnavailable: desired.length - numberAvailable,
  }
}
