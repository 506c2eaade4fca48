import { createHash } from 'node:crypto'
import { kubeTime } from '../api/kube-time.ts'
import type { Container, ContainerState, ContainerStatus } from '../api/kinds/pod.ts'
import type { ContainerExit } from './runtime/container-process.ts'

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

/** The end of a run, as `state.terminated`. `startedAtMs` is wall-clock time. */
export function terminatedState(
  exit: ContainerExit,
  startedAtMs: number,
  containerId: string,
): ContainerState {
  const reason = exit.exitCode === 0 ? 'Completed' : 'Error'
  return {
    terminated: {
      exitCode: exit.exitCode,
      reason: exit.startError === undefined ? reason : 'StartError',
      ...(exit.startError === undefined ? {} : { message: exit.startError }),
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
  }
}

function imageId(image: string): string {
  const repository = image.replace(/:[^:/]*$/, '')
  return `${repository}@sha256:${createHash('sha256').update(image).digest('hex')}`
}
