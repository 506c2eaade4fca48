import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Pod } from '../../../../src/lab/api/kinds/pod.ts'
import type { ReplicaSet } from '../../../../src/lab/api/kinds/replica-set.ts'
import type { KubeObject } from '../../../../src/lab/api/store.ts'
import type { TestCluster } from '../../api/start-test-cluster.ts'
import { startTestCluster } from '../../api/start-test-cluster.ts'
import { deployment, pod } from '../manifests.ts'
import { until } from '../until.ts'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  await cluster.close()
})

const replicaSet = (replicas: number) => {
  const { metadata, spec } = deployment('web', replicas)
  const { selector, template } = spec
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata,
    spec: { replicas, selector, template },
  }
}

const pods = () => cluster.store.list<Pod>('pods')

const ready = () =>
  cluster.store.get<ReplicaSet>('replicasets', 'default', 'web')?.status?.readyReplicas ?? 0

const messages = (reason: string): string[] =>
  cluster.store
    .list<KubeObject & { reason: string; message: string }>('events')
    .filter((event) => event.reason === reason)
    .map(({ message }) => message)

test('creates a replacement while the deleted pod still drains', async () => {
  cluster.store.create('replicasets', replicaSet(2))
  await until('two ready pods', () => ready() === 2)
  cluster.kubelet.endsPods = false
  const [first] = pods()
  cluster.store.remove('pods', 'default', first?.metadata.name ?? '')
  await until('the replacement', () => pods().length === 3)
  await until('two ready pods again', () => ready() === 2)
  expect(messages('SuccessfulCreate')).toEqual(
    pods().map(({ metadata }) => `Created pod: ${metadata.name}`),
  )
  expect(messages('SuccessfulDelete')).toEqual([])
})

test('tells which pods it deleted', async () => {
  cluster.store.create('replicasets', replicaSet(3))
  await until('three ready pods', () => ready() === 3)
  const before = pods().map(({ metadata }) => metadata.name)
  cluster.store.change<ReplicaSet>('replicasets', 'default', 'web', (draft) => {
    draft.spec.replicas = 1
  })
  await until('one pod', () => pods().length === 1)
  const left = pods().map(({ metadata }) => metadata.name)
  const gone = before.filter((name) => !left.includes(name))
  expect(messages('SuccessfulDelete').sort()).toEqual(
    gone.map((name) => `Deleted pod: ${name}`).sort(),
  )
})

test('adopts a matching pod without owner, and releases one whose labels change', async () => {
  cluster.store.create('pods', pod('orphan', { labels: { app: 'web' } }))
  cluster.store.create('replicasets', replicaSet(2))
  await until('two ready pods', () => ready() === 2)
  expect(pods()).toHaveLength(2)
  cluster.store.change<Pod>('pods', 'default', 'orphan', (draft) => {
    draft.metadata.labels = { app: 'other' }
  })
  await until('a replacement', () => pods().length === 3)
  const orphan = cluster.store.get<Pod>('pods', 'default', 'orphan')
  expect(orphan?.metadata.ownerReferences).toEqual([])
})

test('the same seed deletes the same pods', async () => {
  const survivors = async (seed: number): Promise<string[]> => {
    const lab = await startTestCluster(seed)
    lab.store.create('replicasets', replicaSet(10))
    const all = () => lab.store.list<Pod>('pods')
    await until(
      'ten running pods',
      () => all().length === 10 && all().every(({ status }) => status.phase === 'Running'),
    )
    const { creationTimestamp } = all()[0]?.metadata ?? {}
    const sameSecond = all().every(
      ({ metadata, status }) =>
        metadata.creationTimestamp === creationTimestamp &&
        status.conditions?.every((one) => one.lastTransitionTime === creationTimestamp),
    )
    lab.store.change<ReplicaSet>('replicasets', 'default', 'web', (draft) => {
      draft.spec.replicas = 3
    })
    await until('three pods', () => all().length === 3)
    const names = all().map(({ metadata }) => metadata.name)
    await lab.close()
    return sameSecond ? names : survivors(seed)
  }
  expect(await survivors(5)).toEqual(await survivors(5))
  expect(await survivors(5)).not.toEqual(await survivors(6))
})
