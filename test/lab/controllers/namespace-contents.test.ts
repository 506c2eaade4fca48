import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Endpoints } from '../../../src/lab/api/kinds/endpoints.ts'
import type { Pod } from '../../../src/lab/api/kinds/pod.ts'
import type { ResourceName } from '../../../src/lab/api/store.ts'
import type { TestCluster } from '../api/start-test-cluster.ts'
import { startTestCluster } from '../api/start-test-cluster.ts'
import { deployment, named, service } from './manifests.ts'
import { until } from './until.ts'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  await cluster.close()
})

const shop = <T extends { metadata: object }>(object: T): T => ({
  ...object,
  metadata: { ...object.metadata, namespace: 'shop' },
})

test('a deleted namespace is Terminating until all of its objects are gone, then it goes', async () => {
  await cluster.request('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } })
  expect(cluster.store.get('serviceaccounts', 'shop', 'default')).toBeDefined()
  cluster.store.create('deployments', shop(deployment('web', 2)))
  cluster.store.create('services', shop(service('web')))
  cluster.store.create('poddisruptionbudgets', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: named('web', { namespace: 'shop' }),
    spec: { minAvailable: 1 },
  })
  const ready = () =>
    cluster.store.get<Endpoints>('endpoints', 'shop', 'web')?.subsets?.[0]?.addresses?.length
  await until('two endpoints', () => ready() === 2)
  cluster.kubelet.endsPods = false
  await cluster.request('DELETE', '/api/v1/namespaces/shop')
  const pods = () => cluster.store.list<Pod>('pods', 'shop')
  await until('the pods terminate', () =>
    pods().every(({ metadata }) => metadata.deletionTimestamp !== undefined),
  )
  const { body } = await cluster.request('GET', '/api/v1/namespaces/shop')
  expect(body.status).toMatchObject({ phase: 'Terminating' })
  cluster.kubelet.endsPods = true
  cluster.kubelet.settle()
  await until('it is gone', () => cluster.store.get('namespaces', '', 'shop') === undefined)
  const left = (
    [
      'deployments',
      'replicasets',
      'pods',
      'services',
      'endpoints',
      'endpointslices',
      'serviceaccounts',
      'poddisruptionbudgets',
      'events',
    ] satisfies ResourceName[]
  ).flatMap((resource) => cluster.store.list(resource, 'shop'))
  expect(left).toEqual([])
})

test('the default ServiceAccount comes back', () => {
  cluster.store.remove('serviceaccounts', 'default', 'default')
  expect(cluster.store.get('serviceaccounts', 'default', 'default')).toBeDefined()
})
