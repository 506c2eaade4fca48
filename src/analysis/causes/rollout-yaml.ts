import type { Scenario } from '../../recording/entry.ts'

export type WorkloadKind = NonNullable<Scenario['changed']>['workload']['kind']

const YAML: Readonly<Record<WorkloadKind, string>> = {
  deployment:
    'spec:\n  replicas: 2\n  strategy:\n    type: RollingUpdate\n    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }\n',
  statefulset:
    'spec:\n  replicas: 2 # one more than the load needs: a StatefulSet takes a pod before it makes the new one\n  minReadySeconds: 5\n  updateStrategy: { type: RollingUpdate }\n',
  daemonset:
    'spec:\n  updateStrategy:\n    type: RollingUpdate\n    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } # without hostPort\n',
}

/** A rollout that keeps pods for the load: where the kind can, a new pod is ready before an old one goes (k8s-mechanics 5.3 H). */
export const rolloutYaml = ({ workloadKind }: { readonly workloadKind: WorkloadKind }): string =>
  YAML[workloadKind]
