import type { WorkloadRef } from '../../scenario/scenario.ts'
import type { WorkloadChange } from '../workload-change.ts'
import { daemonSetFacts, type RawDaemonSet } from './daemon-set-facts.ts'
import { deploymentFacts, type RawDeployment } from './deployment-facts.ts'
import type { RawObject } from './raw-object.ts'
import { type RawStatefulSet, statefulSetFacts } from './stateful-set-facts.ts'

/** What an object of a kind says of the workload. */
export function workloadChangeOf(kind: WorkloadRef['kind'], object: RawObject): WorkloadChange {
  switch (kind) {
    case 'deployment':
      return { type: 'deployment', deployment: deploymentFacts(object as RawDeployment) }
    case 'statefulset':
      return { type: 'stateful-set', statefulSet: statefulSetFacts(object as RawStatefulSet) }
    case 'daemonset':
      return { type: 'daemon-set', daemonSet: daemonSetFacts(object as RawDaemonSet) }
  }
}
