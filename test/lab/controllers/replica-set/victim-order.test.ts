import { expect, test } from 'vitest'
import type { Pod } from '../../../../src/lab/api/kinds/pod.ts'
import { kubeTime } from '../../../../src/lab/api/kube-time.ts'
import { victimOrder } from '../../../../src/lab/controllers/replica-set/victim-order.ts'
import { pod } from '../manifests.ts'

const NOW_MS = Date.parse('2026-06-01T12:00:00Z')

interface Traits {
  bound?: boolean
  phase?: NonNullable<Pod['status']['phase']>
  ready?: boolean
  readySeconds?: number
  ageSeconds?: number
  restarts?: number
  cost?: string
  uid?: string
}

function candidate(name: string, traits: Traits = {}): Pod {
  const { bound = true, phase = 'Running', ready = true, readySeconds = 100, uid = 'm' } = traits
  const since = (seconds: number) => kubeTime(NOW_MS - seconds * 1000)
  const base = pod(name, {
    uid,
    creationTimestamp: since(traits.ageSeconds ?? 200),
    annotations: traits.cost ? { 'controller.kubernetes.io/pod-deletion-cost': traits.cost } : {},
  })
  return {
    ...base,
    spec: { ...base.spec, ...(bound ? { nodeName: 'lab-node-1' } : {}) },
    status: {
      phase,
      conditions: [
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          lastTransitionTime: since(readySeconds),
        },
      ],
      containerStatuses: [
        { name: 'web', ready, restartCount: traits.restarts ?? 0, image: '', imageID: '' },
      ],
    },
  }
}

test.each<[string, Traits, Traits]>([
  ['an unscheduled pod', { bound: false, cost: '9' }, { phase: 'Pending' }],
  ['a pending pod', { phase: 'Pending', cost: '9' }, { ready: false }],
  ['a pod that is not ready', { ready: false, cost: '9' }, {}],
  ['a pod of lower deletion cost', { cost: '-1', readySeconds: 1000 }, { readySeconds: 1 }],
  [
    'a pod that is ready for much less time',
    { readySeconds: 10, uid: 'z' },
    { readySeconds: 1000 },
  ],
  ['a pod with more restarts', { restarts: 3, ageSeconds: 9999 }, { restarts: 1, ageSeconds: 1 }],
  ['a much younger pod', { ageSeconds: 110, uid: 'z' }, { ageSeconds: 9999 }],
  [
    'of the same power of two, the smaller uid',
    { readySeconds: 90, uid: 'a' },
    { readySeconds: 70 },
  ],
  ['of equal pods, the smaller uid', { uid: 'a' }, { uid: 'b' }],
])('%s goes first', (_what, first, second) => {
  const pods = [candidate('second', second), candidate('first', first)]
  const names = victimOrder(pods, NOW_MS).map(({ metadata }) => metadata.name)
  expect(names).toEqual(['first', 'second'])
})
