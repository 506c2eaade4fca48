import { sanitize } from '../../base/sanitize.ts'
import type { ClusterChange, ContainerFacts, PodFacts } from '../../recording/entry.ts'

/** What a pod was from an instant on. `ending`: deletionTimestamp is set and it still runs. */
export type PodCondition = 'pending' | 'running' | 'ready' | 'ending' | 'exited' | 'gone'

/** A pod's life as far as the watch has told it; instants are arrivals, µs since the run began. */
export interface PodLane {
  readonly name: string
  readonly uid: string
  readonly isReady: boolean
  readonly spans: readonly { readonly fromUs: number; readonly condition: PodCondition }[]
  readonly nodeName?: string
  /** The images of all its containers are there. */
  readonly hasImages: boolean
  /** All its containers have been started. */
  readonly isStarted: boolean
  readonly deletedUs?: number
  readonly killingUs?: number
  readonly exitedUs?: number
  readonly exitCode?: number
  readonly exitReason?: string
  readonly goneUs?: number
  readonly graceSeconds: number
  readonly restarts: number
  /** How the container ended that was restarted last. */
  readonly lastExit?: { readonly exitCode: number; readonly reason?: string }
  /** When requests failed that it had answered on, the latest last; at most {@link KEPT_FAILURES}. */
  readonly failedAtUs: readonly number[]
  readonly failed: number
}

const KEPT_FAILURES = 500

type PodChange = Extract<ClusterChange, { type: 'pod' }>

/** A pod's lane after a change of the pod. */
export function changePod(before: PodLane | undefined, { pod, change, atUs }: PodChange): PodLane {
  const condition = change === 'gone' ? 'gone' : conditionOf(pod)
  const spans = before?.spans ?? []
  const exit = exitOf(pod)
  const deletedUs = before?.deletedUs ?? (pod.deletionTimestamp === undefined ? undefined : atUs)
  const exitedUs = before?.exitedUs ?? (exit ? atUs : undefined)
  const lastExit = pod.containers.find((container) => container.lastExit)?.lastExit
  const goneUs = before?.goneUs ?? (change === 'gone' ? atUs : undefined)
  return {
    ...(before ?? emptyLane(pod)),
    isReady: pod.ready && change !== 'gone',
    ...(pod.nodeName !== undefined && { nodeName: sanitize(pod.nodeName, 80) }),
    hasImages: before?.hasImages === true || pod.containers.every(hasImage),
    isStarted: before?.isStarted === true || pod.containers.every(isStarted),
    spans: spans.at(-1)?.condition === condition ? spans : [...spans, { fromUs: atUs, condition }],
    restarts: pod.containers.reduce((sum, container) => sum + container.restartCount, 0),
    ...(lastExit && { lastExit }),
    ...(deletedUs !== undefined && { deletedUs }),
    ...(before?.deletedUs === undefined &&
      pod.deletionGracePeriodSeconds !== undefined && {
        graceSeconds: pod.deletionGracePeriodSeconds,
      }),
    ...(exitedUs !== undefined && { exitedUs }),
    ...(before?.exitedUs === undefined && exit),
    ...(goneUs !== undefined && { goneUs }),
  }
}

const emptyLane = (pod: PodFacts): PodLane => ({
  name: sanitize(pod.name, 80),
  uid: pod.uid,
  isReady: false,
  hasImages: false,
  isStarted: false,
  spans: [],
  graceSeconds: pod.graceSeconds,
  restarts: 0,
  failedAtUs: [],
  failed: 0,
})

const hasImage = ({ imageID, state }: ContainerFacts): boolean =>
  imageID !== undefined || state === 'running' || state === 'terminated'

const isStarted = ({ state }: ContainerFacts): boolean =>
  state === 'running' || state === 'terminated'

function conditionOf(pod: PodFacts): PodCondition {
  if (exitOf(pod)) return 'exited'
  if (pod.deletionTimestamp !== undefined) return 'ending'
  if (pod.ready) return 'ready'
  return pod.phase === 'Running' ? 'running' : 'pending'
}

/** Set once every container has ended. */
function exitOf({ containers }: PodFacts): { exitCode?: number; exitReason?: string } | undefined {
  if (containers.length === 0) return undefined
  if (containers.some((container) => container.state !== 'terminated')) return undefined
  const worst = containers.find((container) => (container.exitCode ?? 0) !== 0) ?? containers[0]
  return {
    ...(worst?.exitCode !== undefined && { exitCode: worst.exitCode }),
    ...(worst?.reason !== undefined && { exitReason: sanitize(worst.reason, 40) }),
  }
}

/** A pod's lane after a failure of a request that it answered, or on a connection that it had answered on. */
export const addFailure = (lane: PodLane, atUs: number): PodLane => ({
  ...lane,
  failed: lane.failed + 1,
  failedAtUs: [...lane.failedAtUs.slice(1 - KEPT_FAILURES), atUs],
})
