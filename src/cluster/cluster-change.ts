import type { SurroundingsChange } from './surroundings.ts'
import type { WorkloadChange } from './workload-change.ts'

/** `appeared` also stands for what was there when the watch began. */
export type ChangeType = 'appeared' | 'changed' | 'gone'

/**
 * Something we learnt of the cluster. `atUs` is the arrival at our process, on the run's clock;
 * the API's own timestamps keep their API names and are labels: whole seconds, of another clock.
 */
export type ClusterChange =
  | (Seen & { readonly type: 'pod'; readonly change: ChangeType; readonly pod: PodFacts })
  | (Seen & {
      readonly type: 'endpoint-slice'
      readonly change: ChangeType
      readonly slice: EndpointSliceFacts
    })
  | (Seen & WorkloadChange & { readonly change: ChangeType })
  | (Seen & {
      readonly type: 'replica-set'
      readonly change: ChangeType
      readonly replicaSet: ReplicaSetFacts
    })
  | (Seen & { readonly type: 'reported-event'; readonly event: ReportedEvent })
  | (Seen & { readonly type: 'gap'; readonly gap: WatchGap })
  | (Seen & SurroundingsChange)

interface Seen {
  readonly atUs: number
  /** Set when it was found by listing after a gap: it happened at some time since then. */
  readonly notBeforeUs?: number
}

export interface PodFacts {
  readonly name: string
  readonly uid: string
  readonly phase: string
  readonly ready: boolean
  readonly podIP?: string
  readonly nodeName?: string
  readonly reason?: string
  readonly creationTimestamp?: string
  /** In the future when it appears: the request's time plus the grace. */
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  /** When the deletion was asked for, by the API server's clock: the timestamp less the grace. */
  readonly deletionRequestedAt?: string
  readonly graceSeconds: number
  /** Why it was disrupted: `EvictionByEvictionAPI`, `DeletionByTaintManager`, `TerminationByKubelet`. */
  readonly disruption?: string
  /** Kind and name of the owner: of the ReplicaSet, the StatefulSet, the DaemonSet. */
  readonly ownerKind?: string
  readonly ownerName?: string
  /** The label `controller-revision-hash` of a StatefulSet's or DaemonSet's pod, else `pod-template-hash`. */
  readonly revision?: string
  readonly containers: readonly ContainerFacts[]
  /** Sidecars (restartPolicy Always) and others, when there are any. */
  readonly initContainers?: readonly ContainerFacts[]
  /** PodScheduled, Initialized, ContainersReady, Ready and what else there is. */
  readonly conditions?: readonly PodCondition[]
}

export interface PodCondition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly lastTransitionTime?: string
}

export interface ContainerFacts {
  readonly name: string
  readonly image: string
  /** Set once the image has been pulled and the container made. */
  readonly imageID?: string
  /** An init container that runs beside the others. */
  readonly sidecar?: boolean
  readonly command?: readonly string[]
  readonly preStop?: PreStop
  readonly readinessProbe?: 'httpGet' | 'tcpSocket' | 'exec' | 'grpc'
  readonly stopSignal?: string
  readonly ready: boolean
  readonly restartCount: number
  readonly state: 'waiting' | 'running' | 'terminated' | 'unknown'
  /** Of the state: `CrashLoopBackOff`, `Completed`, `Error`, `OOMKilled`. */
  readonly reason?: string
  readonly exitCode?: number
  readonly startedAt?: string
  readonly finishedAt?: string
  /** Of the container that ran before this one. */
  readonly lastExit?: {
    readonly exitCode: number
    readonly reason?: string
    readonly finishedAt?: string
  }
}

export interface PreStop {
  readonly kind: 'exec' | 'httpGet' | 'sleep' | 'tcpSocket'
  /** Known for `sleep`, and for exec of `sleep N`. */
  readonly seconds?: number
}

export interface EndpointSliceFacts {
  readonly name: string
  readonly service: string
  readonly endpoints: readonly EndpointFacts[]
}

export interface EndpointFacts {
  readonly address: string
  readonly podName?: string
  readonly podUid?: string
  readonly ready: boolean
  readonly serving: boolean
  readonly terminating: boolean
}

export interface ReplicaSetFacts {
  readonly name: string
  readonly uid: string
  readonly ownerName?: string
  readonly specReplicas: number
  readonly readyReplicas: number
}

/** A Kubernetes Event; decoration only: delivery is best effort. */
export interface ReportedEvent {
  readonly reason: string
  readonly message: string
  readonly severity: 'Normal' | 'Warning'
  readonly objectKind: string
  readonly objectName: string
  readonly count: number
  readonly component?: string
  /** Of the emitter: the node of a kubelet. */
  readonly host?: string
  /** The container that it is about. */
  readonly container?: string
  /** Unix nanoseconds at the emitter, from the event's name, as a decimal string. */
  readonly emittedAtUnixNs?: string
}

/** A time in which we did not see a resource. */
export interface WatchGap {
  readonly resource: string
  readonly fromUs: number
  readonly toUs: number
  readonly why: string
}
