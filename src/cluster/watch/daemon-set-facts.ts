import type { DaemonSetFacts } from '../workload-change.ts'
import { type RawWorkload, workloadFacts } from './workload-facts.ts'

/** The fields of an apps/v1 DaemonSet that are looked at. */
export interface RawDaemonSet extends RawWorkload {
  readonly spec: { readonly updateStrategy?: { readonly type?: string } }
  readonly status?: RawWorkload['status'] & {
    readonly desiredNumberScheduled?: number
    readonly currentNumberScheduled?: number
    readonly numberMisscheduled?: number
    readonly updatedNumberScheduled?: number
    readonly numberReady?: number
    readonly numberAvailable?: number
  }
}

/** Projects a DaemonSet to the facts that matter for a rollout. */
export function daemonSetFacts(daemonSet: RawDaemonSet): DaemonSetFacts {
  const { spec, status } = daemonSet
  return {
    ...workloadFacts(daemonSet),
    desiredNumberScheduled: status?.desiredNumberScheduled ?? 0,
    currentNumberScheduled: status?.currentNumberScheduled ?? 0,
    numberMisscheduled: status?.numberMisscheduled ?? 0,
    updatedNumberScheduled: status?.updatedNumberScheduled ?? 0,
    numberReady: status?.numberReady ?? 0,
    numberAvailable: status?.numberAvailable ?? 0,
    updateStrategy: spec.updateStrategy?.type ?? 'RollingUpdate',
  }
}
