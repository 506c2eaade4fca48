import type { Scenario } from '../../recording/entry.ts'
import type { Facts } from './cause-rule.ts'

export type WorkloadKind = NonNullable<Scenario['changed']>['workload']['kind']

const DEPLOYMENT =
  '  strategy:\n    type: RollingUpdate\n    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }\n'
const STATEFUL_SET =
  'spec:\n  replicas: 2 # one more than the load needs: a StatefulSet takes a pod before it makes the new one\n  minReadySeconds: 5\n  updateStrategy: { type: RollingUpdate }\n'
const DAEMON_SET =
  'spec:\n  updateStrategy:\n    type: RollingUpdate\n    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } # without hostPort\n'

/**
 * A rollout that keeps pods for the load: where the kind can, a new pod is ready before an old one goes (k8s-mechanics
 * 5.3 H); two pods where one was wanted.
 */
export function rolloutYaml(facts: Pick<Facts, 'workloadKind' | 'deployments'>): string {
  if (facts.workloadKind === 'statefulset') return STATEFUL_SET
  if (facts.workloadKind === 'daemonset') return DAEMON_SET
  const most = Math.max(0, ...facts.deployments.map(({ deployment }) => deployment.specReplicas))
  return `spec:\n${facts.deployments.length > 0 && most < 2 ? '  replicas: 2\n' : ''}${DEPLOYMENT}`
}
