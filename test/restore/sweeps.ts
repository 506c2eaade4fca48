import type { StepAction } from '../../src/scenario/scenario.ts'

/** A run of which every call is a point to kill at. */
export interface Sweep {
  readonly kind: 'deployment' | 'statefulset'
  readonly resource: 'deployments' | 'statefulsets'
  readonly steps: readonly StepAction[]
  /** Every victim and fate at each call, or two victims, with one fate each, in turn. */
  readonly points: 'all' | 'in turn'
  readonly leastKilled: number
  readonly leastLate: number
}

/** Changes of all of a Deployment that a run can change, and of a node. */
export const DEPLOYMENT: Sweep = {
  kind: 'deployment',
  resource: 'deployments',
  steps: [
    { type: 'scale', replicas: 1 },
    { type: 'image', image: 'web:2' },
    { type: 'cordon', node: 'NODE' },
  ],
  points: 'all',
  leastKilled: 200,
  leastLate: 50,
}

/** The same of a StatefulSet, cheaper. */
export const STATEFUL_SET: Sweep = {
  kind: 'statefulset',
  resource: 'statefulsets',
  steps: [
    { type: 'scale', replicas: 1 },
    { type: 'restart' },
    { type: 'image', image: 'web:2' },
    { type: 'cordon', node: 'NODE' },
  ],
  points: 'in turn',
  leastKilled: 40,
  leastLate: 6,
}
