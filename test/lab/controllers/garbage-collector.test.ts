import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Deployment } from '../../../src/lab/api/kinds/deployment.ts'
import type { ResourceName } from '../../../src/lab/api/store.ts'
import type { TestCluster } from '../api/start-test-cluster.ts'
import { startTestCluster } from '../api/start-test-cluster.ts'
import { deployment } from './manifests.ts'
import { until } from './until.ts'

const DEPLOYMENT = '/apis/apps/v1/namespaces/default/deployments/web'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
  cluster.store.create('deployments', deployment('web', 2))
  await until('two pods are available', () => {
    const web = cluster.store.get<Deployment>('deployments', 'default', 'web')
    return web?.status?.availableReplicas === 2
  })
})

afterEach(async () => {
  await cluster.close()
})

const counts = (): number[] =>
  (['deployments', 'replicasets', 'pods'] satisfies ResourceName[]).map(
    (resource) => cluster.store.list(resource).length,
  )

test('background: the Deployment goes at once, ReplicaSet and pods follow', async () => {
  const deleted: string[] = []
  for (const resource of ['deployments', 'replicasets', 'pods'] satisfies ResourceName[]) {
    cluster.store.watch(resource, ({ type }) => {
      if (type === 'DELETED') deleted.push(resource)
    })
  }
  await cluster.request('DELETE', DEPLOYMENT, { propagationPolicy: 'Background' })
  await until('all are gone', () => counts().join() === '0,0,0')
  expect(deleted).toEqual(['deployments', 'replicasets', 'pods', 'pods'])
})

test('foreground: the Deployment stays until its pods are gone', async () => {
  cluster.kubelet.endsPods = false
  await cluster.request('DELETE', DEPLOYMENT, { propagationPolicy: 'Foreground' })
  await until('the pods terminate', () =>
    cluster.store.list('pods').every(({ metadata }) => metadata.deletionTimestamp !== undefined),
  )
  expect(counts()).toEqual([1, 1, 2])
  cluster.kubelet.endsPods = true
  cluster.kubelet.settle()
  await until('all are gone', () => counts().join() === '0,0,0')
})

test('orphan: the ReplicaSet and its pods stay, and a new Deployment of the same template adopts them', async () => {
  await cluster.request('DELETE', `${DEPLOYMENT}?propagationPolicy=Orphan`)
  await until('the Deployment is gone', () => counts()[0] === 0)
  const [orphan] = cluster.store.list('replicasets')
  expect(orphan?.metadata.ownerReferences).toEqual([])
  expect(counts()).toEqual([0, 1, 2])
  const uids = cluster.store.list('pods').map(({ metadata }) => metadata.uid)
  cluster.store.create('deployments', deployment('web', 2))
  await until('adoption', () => {
    const web = cluster.store.get<Deployment>('deployments', 'default', 'web')
    return web?.status?.availableReplicas === 2
  })
  expect(cluster.store.list('pods').map(({ metadata }) => metadata.uid)).toEqual(uids)
})
