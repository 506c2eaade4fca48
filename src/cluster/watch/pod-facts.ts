import type { ContainerFacts, PodCondition, PodFacts } from '../cluster-change.ts'
import { preStopOf, type RawHook } from './pre-stop-facts.ts'
import type { RawMeta, RawObject } from './raw-object.ts'

/** The fields of a v1 Pod that are looked at. */
export interface RawPod extends RawObject {
  readonly spec: {
    readonly nodeName?: string
    readonly terminationGracePeriodSeconds?: number
    readonly containers: readonly RawContainer[]
    readonly initContainers?: readonly RawContainer[]
  }
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly podIP?: string
    readonly conditions?: readonly RawCondition[]
    readonly containerStatuses?: readonly RawContainerStatus[]
    readonly initContainerStatuses?: readonly RawContainerStatus[]
  }
}

interface RawCondition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly lastTransitionTime?: string
}

interface RawContainer {
  readonly name: string
  readonly image: string
  readonly restartPolicy?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly lifecycle?: { readonly preStop?: RawHook; readonly stopSignal?: string }
  readonly readinessProbe?: Readonly<Record<string, unknown>>
}

interface RawContainerStatus {
  readonly name: string
  readonly imageID?: string
  readonly stopSignal?: string
  readonly ready: boolean
  readonly restartCount: number
  readonly state?: {
    readonly waiting?: { readonly reason?: string }
    readonly running?: { readonly startedAt?: string }
    readonly terminated?: RawTerminated
  }
  readonly lastState?: { readonly terminated?: RawTerminated }
}

interface RawTerminated {
  readonly exitCode: number
  readonly reason?: string
  readonly startedAt?: string
  readonly finishedAt?: string
}

/** Projects a pod to the facts that matter for a rollout. */
export function podFacts(pod: RawPod): PodFacts {
  const { metadata, spec, status } = pod
  const owner = metadata.ownerReferences?.find((reference) => reference.controller === true)
  return {
    name: metadata.name,
    uid: metadata.uid,
    phase: status?.phase ?? 'Unknown',
    ready: status?.conditions?.some(isReadyCondition) ?? false,
    ...(status?.podIP !== undefined && { podIP: status.podIP }),
    ...(spec.nodeName !== undefined && { nodeName: spec.nodeName }),
    ...(status?.reason !== undefined && { reason: status.reason }),
    ...disruptionOf(status?.conditions ?? []),
    ...deletionOf(metadata),
    graceSeconds: spec.terminationGracePeriodSeconds ?? 30,
    ...(owner && { ownerName: owner.name }),
    ...(owner?.kind !== undefined && { ownerKind: owner.kind }),
    ...revisionOf(metadata),
    containers: spec.containers.map((container) =>
      containerFacts(container, status?.containerStatuses),
    ),
    ...(spec.initContainers &&
      spec.initContainers.length > 0 && {
        initContainers: spec.initContainers.map((container) =>
          containerFacts(container, status?.initContainerStatuses),
        ),
      }),
    ...(status?.conditions && { conditions: status.conditions.map(conditionOf) }),
  }
}

function revisionOf({ labels }: RawMeta) {
  const revision = labels?.['controller-revision-hash'] ?? labels?.['pod-template-hash']
  return revision === undefined ? {} : { revision }
}

const conditionOf = ({ type, status, reason, lastTransitionTime }: RawCondition): PodCondition => ({
  type,
  status,
  ...(reason !== undefined && { reason }),
  ...(lastTransitionTime !== undefined && { lastTransitionTime }),
})

const isReadyCondition = (condition: { type: string; status: string }) =>
  condition.type === 'Ready' && condition.status === 'True'

/** Of the condition DisruptionTarget (k8s-mechanics 1.10). */
function disruptionOf(conditions: readonly RawCondition[]) {
  const target = conditions.find(
    ({ type, status }) => type === 'DisruptionTarget' && status === 'True',
  )
  return target?.reason === undefined ? {} : { disruption: target.reason }
}

function deletionOf(metadata: RawMeta) {
  const { creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } = metadata
  return {
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds }),
    ...requestOf(deletionTimestamp, deletionGracePeriodSeconds),
  }
}

/** The deletion timestamp lies in the future when it appears (k8s-mechanics 1.1). */
function requestOf(deletionTimestamp: string | undefined, graceSeconds: number | undefined) {
  const endMs = Date.parse(deletionTimestamp ?? '')
  if (Number.isNaN(endMs) || graceSeconds === undefined) return {}
  return { deletionRequestedAt: new Date(endMs - graceSeconds * 1_000).toISOString() }
}

function containerFacts(
  container: RawContainer,
  statuses: readonly RawContainerStatus[] | undefined,
): ContainerFacts {
  const status = statuses?.find((candidate) => candidate.name === container.name)
  // The status has the effective one, of the image if need be.
  const stopSignal = status?.stopSignal ?? container.lifecycle?.stopSignal
  const command = [...(container.command ?? []), ...(container.args ?? [])]
  const preStop = container.lifecycle?.preStop && preStopOf(container.lifecycle.preStop)
  const probe = (['httpGet', 'tcpSocket', 'exec', 'grpc'] as const).find(
    (kind) => container.readinessProbe?.[kind] !== undefined,
  )
  return {
    name: container.name,
    image: container.image,
    ...(status?.imageID && { imageID: status.imageID }),
    ...(container.restartPolicy === 'Always' && { sidecar: true }),
    ...(command.length > 0 && { command }),
    ...(preStop && { preStop }),
    ...(probe && { readinessProbe: probe }),
    ...(stopSignal !== undefined && { stopSignal }),
    ready: status?.ready ?? false,
    restartCount: status?.restartCount ?? 0,
    ...stateOf(status),
    ...lastExitOf(status),
  }
}

function stateOf(status: RawContainerStatus | undefined) {
  const { waiting, running, terminated } = status?.state ?? {}
  if (terminated) {
    return {
      state: 'terminated' as const,
      exitCode: terminated.exitCode,
      ...(terminated.reason !== undefined && { reason: terminated.reason }),
      ...(terminated.startedAt !== undefined && { startedAt: terminated.startedAt }),
      ...(terminated.finishedAt !== undefined && { finishedAt: terminated.finishedAt }),
    }
  }
  if (running) {
    return {
      state: 'running' as const,
      ...(running.startedAt !== undefined && { startedAt: running.startedAt }),
    }
  }
  if (!waiting) return { state: 'unknown' as const }
  return {
    state: 'waiting' as const,
    ...(waiting.reason !== undefined && { reason: waiting.reason }),
  }
}

function lastExitOf(status: RawContainerStatus | undefined) {
  const last = status?.lastState?.terminated
  return last
    ? {
        lastExit: {
          exitCode: last.exitCode,
          ...(last.reason !== undefined && { reason: last.reason }),
          ...(last.finishedAt !== undefined && { finishedAt: last.finishedAt }),
        },
      }
    : {}
}
