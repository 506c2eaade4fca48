import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Node } from '../../../src/lab/api/kinds/node.ts'
import type { Pod } from '../../../src/lab/api/kinds/pod.ts'
import type { KubeObject } from '../../../src/lab/api/store.ts'
import type { TestCluster } from '../api/start-test-cluster.ts'
import { startTestCluster } from '../api/start-test-cluster.ts'
import { deployment } from './manifests.ts'
import { until } from './until.ts'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster(1, 2)
})

afterEach(async () => {
  await cluster.close()
})

const pods = () => cluster.store.list<Pod>('pods')

const running = (count: number): boolean =>
  pods().filter(({ status }) => status.phase === 'Running').length === count

const perNode = (): number[] =>
  ['lab-node-1', 'lab-node-2'].map(
    (node) => pods().filter(({ spec }) => spec.nodeName === node).length,
  )

const cordon = (name: string, unschedulable: boolean) =>
  cluster.store.change<Node>('nodes', '', name, (draft) => {
    draft.spec = { unschedulable }
  })

test('spreads the pods of a Deployment over the nodes', async () => {
  cluster.store.create('deployments', deployment('web', 5))
  await until('five pods run', () => running(5))
  expect(perNode()).toEqual([3, 2])
})

test('a scale-down takes from the fuller node first', async () => {
  cordon('lab-node-2', true)
  cluster.store.create('deployments', deployment('web', 3))
  await until('three pods run', () => running(3))
  cordon('lab-node-2', false)
  cluster.store.change<KubeObject & { spec: { replicas: number } }>(
    'deployments',
    'default',
    'web',
    (draft) => {
      draft.spec.replicas = 4
    },
  )
  await until('four pods run', () => running(4))
  expect(perNode()).toEqual([3, 1])
  cluster.store.change<KubeObject & { spec: { replicas: number } }>(
    'deployments',
    'default',
    'web',
    (draft) => {
      draft.spec.replicas = 1
    },
  )
  await until('one pod is left', () => pods().length === 1)
  expect(perNode()).toEqual([0, 1])
})

test('with all nodes cordoned a pod stays Pending and says why, until one is free again', async () => {
  cordon('lab-node-1', true)
  cordon('lab-node-2', true)
  cluster.store.create('deployments', deployment('web', 1))
  const events = () =>
    cluster.store
      .list<KubeObject & { reason: string; message: string; type: string }>('events')
      .filter(({ reason }) => reason === 'FailedScheduling')
  await until('the pod is refused', () => events().length > 0)
  expect(events().map(({ type, message }) => [type, message.split('.')[0]])).toEqual([
    ['Warning', '0/2 nodes are available: 2 node(s) were unschedulable'],
  ])
  const [pod] = pods()
  expect(pod?.status.phase).toBe('Pending')
  expect(pod?.status.conditions).toMatchObject([
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
  ])
  cordon('lab-node-2', false)
  await until('it runs', () => running(1))
  expect(perNode()).toEqual([0, 1])
})

test('puts no pod where a taint or its selector forbids, and says so', async () => {
  const taint = (name: string, taints: { key: string; value: string; effect: 'NoSchedule' }[]) =>
    cluster.store.change<Node>('nodes', '', name, (draft) => {
      draft.spec = { taints }
    })
  taint('lab-node-1', [{ key: 'disk', value: 'slow', effect: 'NoSchedule' }])
  taint('lab-node-2', [{ key: 'disk', value: 'slow', effect: 'NoSchedule' }])
  const web = deployment('web', 2)
  const tolerant = {
    ...deployment('tolerant', 2),
    spec: {
      ...deployment('tolerant', 2).spec,
      template: {
        ...deployment('tolerant', 2).spec.template,
        spec: {
          ...deployment('tolerant', 2).spec.template.spec,
          nodeSelector: { 'kubernetes.io/hostname': 'lab-node-2' },
          tolerations: [{ key: 'disk', operator: 'Exists' }],
        },
      },
    },
  }
  cluster.store.create('deployments', web)
  cluster.store.create('deployments', tolerant)
  await until('the tolerant pods run', () => running(2))
  expect(perNode()).toEqual([0, 2])
  const refused = pods().filter(({ spec }) => !spec.nodeName)
  expect(refused.map(({ status }) => status.conditions?.[0]?.message)).toEqual(
    [1, 2].map(
      () =>
        '0/2 nodes are available: 2 node(s) had untolerated taint {disk: slow}. preemption: ' +
        '0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    ),
  )
  taint('lab-node-1', [])
  await until('all run', () => running(4))
  expect(perNode()).toEqual([2, 2])
})
