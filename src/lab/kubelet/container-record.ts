import { createHash } from 'node:crypto'
import { kubeTime } from '../api/kube-time.ts'
import type { Container, ContainerState, ContainerStatus } from '../api/kinds/pod.ts'
import type { ContainerExit } from './runtime/container-process.ts'
import { stopSignalOf } from './stop-signal.ts'

/** What the kubelet knows of a container; the process itself may be ahead of it by a PLEG delay. */
export interface ContainerRecord {
  readonly container: Container
  state: ContainerState
  lastState: ContainerState | undefined
  containerId: string | undefined
  restartCount: number
  /** Its startup probe succeeded, or it has none. */
  started: boolean
  ready: boolean
}

/** A container that has not run yet, waiting for `reason`. */
export const newContainerRecord = (container: Container, reason: string): ContainerRecord => ({
  container,
  state: { waiting: { reason } },
  lastState: undefined,
  containerId: undefined,
  restartCount: 0,
  started: false,
  ready: false,
})

/** The run that ended; `startedAtMs` is wall-clock time. */
interface EndedRun {
  readonly startedAtMs: number
  readonly containerId: string
  /** It was killed for its memory. */
  readonly isOutOfMemory: boolean
  /** What the container left to say; may be empty. */
  readonly message: string
}

/** The end of a run, as `state.terminated` (k8s-mechanics 1.7). */
export function terminatedState(
  exit: ContainerExit,
  { startedAtMs, containerId, isOutOfMemory, message: said }: EndedRun,
): ContainerState {
  const reason = exit.exitCode === 0 ? 'Completed' : 'Error'
  const message = [exit.startError ?? '', said].filter((part) => part !== '').join(': ')
  const ownReason = isOutOfMemory && exit.exitCode === 137 ? 'OOMKilled' : reason
  return {
    terminated: {
      exitCode: exit.exitCode,
      reason: exit.startError === undefined ? ownReason : 'StartError',
      ...(message === '' ? {} : { message }),
      startedAt: kubeTime(startedAtMs),
      finishedAt: kubeTime(),
      containerID: containerId,
    },
  }
}

/** A container that the kubelet cannot find any more (k8s-mechanics 1.7). */
export const unknownState: ContainerState = {
  terminated: {
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was terminated',
  },
}

/** One entry of `status.containerStatuses`. */
export function containerStatus(record: ContainerRecord): ContainerStatus {
  const image = record.container.image ?? ''
  return {
    name: record.container.name,
    image,
    imageID: record.containerId === undefined ? '' : imageId(image),
    ...(record.containerId === undefined ? {} : { containerID: record.containerId }),
    ready: record.ready,
    started: record.started,
    restartCount: record.restartCount,
    state: record.state,
    lastState: record.lastState ?? {},
    ...(record.containerId === undefined ? {} : { stopSignal: stopSignalOf(record.container) }),
  }
}

function imageId(image: string): string {
  const repository = image.replace(/:[^:/]*$/, '')
  return `${repository}@sha256:${createHash('sha256').update(image).digest('hex')}`
}
