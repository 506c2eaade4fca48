import type { Facts } from './cause-rule.ts'

const STRATEGY =
  '  strategy:\n    type: RollingUpdate\n    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }\n'

/** A rollout that makes a new pod ready before it takes an old one (k8s-mechanics 5.3 H); two pods where one was wanted. */
export function rolloutYaml({ deployments }: Pick<Facts, 'deployments'>): string {
  const most = Math.max(0, ...deployments.map(({ deployment }) => deployment.specReplicas))
  return `spec:\n${deployments.length > 0 && most < 2 ? '  replicas: 2\n' : ''}${STRATEGY}`
}
