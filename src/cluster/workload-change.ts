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

/** What is said of every workload; counts are the controller's own, as of `observedGeneration`. */
export interface WorkloadFacts {
  readonly name: string
  readonly uid: string
  readonly generation: number
  readonly observedGeneration: number
}

/** A workload whose pods are replicas. */
export interface ReplicatedFacts extends WorkloadFacts {
  readonly specReplicas: number
  readonly replicas: number
  /** Of the newest template; of a StatefulSet: of its `updateRevision`. */
  readonly updatedReplicas: number
  readonly readyReplicas: number
  readonly availableReplicas: number
}

export interface DeploymentFacts extends ReplicatedFacts {
  readonly strategy: string
  /** The rollout made no progress within its deadline. */
  readonly deadlineExceeded?: boolean
}

export interface StatefulSetFacts extends ReplicatedFacts {
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

/** Counts are of nodes. */
export interface DaemonSetFacts extends WorkloadFacts {
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
