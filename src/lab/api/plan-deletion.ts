import type { Pod } from './kinds/pod.ts'
import type { KubeObject, ResourceName } from './store.ts'
import { kubeTime } from './kube-time.ts'

/** What a DELETE does to an object. `marked` is the change that is written before, if any. */
export interface DeletionPlan {
  readonly marked?: { readonly deletionTimestamp: string; readonly gracePeriodSeconds: number }
  /** The object leaves the store at once. */
  readonly removed: boolean
}

/** DELETE as in k8s-mechanics 1.1; only pods are deleted gracefully. `nowMs` is wall-clock time. */
export function planDeletion(
  resource: ResourceName,
  object: KubeObject,
  requestedGraceSeconds: number | undefined,
  nowMs: number,
): DeletionPlan {
  const held = (object.metadata.finalizers ?? []).length > 0
  const plan = (gracePeriodSeconds: number, atMs: number): DeletionPlan => ({
    marked: { deletionTimestamp: kubeTime(atMs), gracePeriodSeconds },
    removed: gracePeriodSeconds === 0 && !held,
  })
  if (object.metadata.deletionTimestamp !== undefined) {
    return planShorterGrace(object, requestedGraceSeconds, nowMs, plan)
  }
  if (resource !== 'pods') return held ? plan(0, nowMs) : { removed: true }
  const graceSeconds = effectiveGrace(object as Pod, requestedGraceSeconds)
  return plan(graceSeconds, nowMs + graceSeconds * 1000)
}

function effectiveGrace(pod: Pod, requestedSeconds: number | undefined): number {
  const ended = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
  if (ended || !pod.spec.nodeName) return 0
  const seconds = requestedSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
  return seconds < 0 ? 1 : seconds
}

function planShorterGrace(
  object: KubeObject,
  requestedSeconds: number | undefined,
  nowMs: number,
  plan: (gracePeriodSeconds: number, atMs: number) => DeletionPlan,
): DeletionPlan {
  const currentSeconds = object.metadata.deletionGracePeriodSeconds ?? 0
  const wanted = requestedSeconds !== undefined && requestedSeconds < 0 ? 1 : requestedSeconds
  if (wanted === undefined || wanted >= currentSeconds) return { removed: false }
  const currentEndMs = Date.parse(object.metadata.deletionTimestamp ?? '')
  const endMs = currentEndMs - (currentSeconds - wanted) * 1000
  if (endMs >= nowMs) return plan(wanted, endMs)
  return plan(wanted === 0 ? 0 : 1, nowMs)
}
