/** The workload as it is now, by its kind. */
export type WorkloadChange =
  | { readonly type: 'deployment'; readonly deployment: DeploymentFacts }
  | { readonly type: 'stateful-set'; readonly statefulSet: StatefulSetFacts }
  | { readonly type: 'daemon-set'; readonly daemonSet: DaemonSetFacts }

/** Whether a change is one of the workload itself. */
export const isOfWorkload = <Change extends { readonly type: string }>(
  change: Change,
): change is Extract<Change, { type: WorkloadChange['type'] }> =>
  change.type === 'deployment' || change.type === 'stateful-set' || change.type === 'daemon-set'

export interface DeploymentFacts {
  readonly name: string
  readonly uid: string
  readonly generation: number
  readonly observedGeneration: number
  readonly specReplicas: number
  readonly replicas: number
  readonly updatedReplicas: number
  readonly readyReplicas: number
  readonly availableReplicas: number
  readonly strategy: string
  /** The rollout made no progress within its deadline. */
  readonly deadlineExceeded?: boolean
}

/** Counts are the controller's own, as of `observedGeneration`. */
export interface StatefulSetFacts {
  readonly name: string
  readonly uid: string
  readonly generation: number
  readonly observedGeneration: number
  readonly specReplicas: number
  readonly replicas: number
  /** Of `updateRevision`. */
  readonly updatedReplicas: number
  readonly readyReplicas: number
  readonly availableReplicas: number
  /** Names of ControllerRevisions; the same when no rolling update is under way. */
  readonly currentRevision?: string
  readonly updateRevision?: string
  /** `RollingUpdate` or `OnDelete`. */
  readonly updateStrategy: string
  /** Only pods with this ordinal and above are updated. */
  readonly partition: number
  /** `OrderedReady` or `Parallel`. */
  readonly podManagementPolicy: string
}

/** Counts are the controller's own, of nodes, as of `observedGeneration`. */
export interface DaemonSetFacts {
  readonly name: string
  readonly uid: string
  readonly generation: number
  readonly observedGeneration: number
  readonly desiredNumberScheduled: number
  readonly currentNumberScheduled: number
  /** Nodes that have a daemon and should not. */
  readonly numberMisscheduled: number
  readonly updatedNumberScheduled: number
  readonly numberReady: number
  readonly numberAvailable: number
  /** `RollingUpdate` or `OnDelete`. */
  readonly updateStrategy: string
}
