/** A rollout that makes a new pod ready before it takes an old one (k8s-mechanics 5.3 H). */
export const ROLLOUT_YAML =
  'spec:\n  replicas: 2\n  strategy:\n    type: RollingUpdate\n    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }\n'
