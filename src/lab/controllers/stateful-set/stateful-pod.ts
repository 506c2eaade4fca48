import type { Pod, Volume } from '../../api/kinds/pod.ts'
import type { ControllerRevision } from '../../api/kinds/controller-revision.ts'
import type { StatefulSet } from '../../api/kinds/stateful-set.ts'
import type { KubeObject } from '../../api/store.ts'
import { templateOf } from '../history/controller-revisions.ts'
import { podFromTemplate } from '../pod-from-template.ts'
import { availableAtMs, isReady } from '../pod-state.ts'

/** Of a pod: the name of its ControllerRevision. */
const REVISION_LABEL = 'controller-revision-hash'

/** The number at the end of a pod's name; undefined when the name is not one of the set's. */
export function ordinalOf({ metadata: { name } }: StatefulSet, pod: Pod): number | undefined {
  const text = pod.metadata.name.startsWith(`${name}-`)
    ? pod.metadata.name.slice(name.length + 1)
    : ''
  return /^\d+$/.test(text) ? Number(text) : undefined
}

export const revisionOf = (pod: Pod): string | undefined => pod.metadata.labels?.[REVISION_LABEL]

export const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined

export const isRunningAndReady = (pod: Pod): boolean =>
  pod.status.phase === 'Running' && isReady(pod)

/** Running and ready, and not on its way out. */
export const isHealthy = (pod: Pod): boolean => isRunningAndReady(pod) && !isTerminating(pod)

/** Ready for `minReadySeconds`. */
export function isAvailable(pod: Pod, { spec }: StatefulSet, nowMs: number): boolean {
  const atMs = availableAtMs(pod, spec.minReadySeconds ?? 0)
  return isRunningAndReady(pod) && atMs !== undefined && atMs <= nowMs
}

/** The pod of an ordinal, of the template of `revision`: with its stable name, host name and claims. */
export function podFor(
  set: StatefulSet,
  revision: ControllerRevision,
  ordinal: number,
): KubeObject {
  const name = `${set.metadata.name}-${String(ordinal)}`
  const template = templateOf(revision.data)
  const pod = podFromTemplate(set, template, {
    name,
    labels: {
      ...template.metadata?.labels,
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
      [REVISION_LABEL]: revision.metadata.name,
    },
  })
  const claims = claimVolumes(set, name)
  const isClaimed = (volume: Volume) => claims.some((claim) => claim.name === volume.name)
  const volumes = [...(pod.spec.volumes ?? []).filter((volume) => !isClaimed(volume)), ...claims]
  return {
    ...pod,
    spec: {
      ...pod.spec,
      hostname: name,
      ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
      ...(volumes.length > 0 ? { volumes } : {}),
    },
  }
}

const claimVolumes = ({ spec }: StatefulSet, pod: string): Volume[] =>
  (spec.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: `${name}-${pod}` },
  }))
