import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  V1Deployment,
  Watch,
  setHeaderOptions,
} from '@kubernetes/client-node'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TestCluster } from './start-test-cluster.ts'
import { deployment } from '../controllers/manifests.ts'
import { until } from '../controllers/until.ts'
import { startTestCluster } from './start-test-cluster.ts'

const namespace = 'default'

let cluster: TestCluster
let config: KubeConfig

beforeEach(async () => {
  cluster = await startTestCluster()
  config = new KubeConfig()
  config.loadFromClusterAndUser(
    { name: 'lab', server: cluster.url, skipTLSVerify: true },
    { name: 'lab' },
  )
})

afterEach(async () => {
  await cluster.close()
})

test('@kubernetes/client-node creates, patches, scales, reads and deletes', async () => {
  const apps = config.makeApiClient(AppsV1Api)
  const core = config.makeApiClient(CoreV1Api)
  const { spec } = deployment('web', 2)
  const body = Object.assign(new V1Deployment(), { metadata: { name: 'web' }, spec })
  const created = await apps.createNamespacedDeployment({ namespace, body })
  expect(created.metadata?.creationTimestamp).toBeInstanceOf(Date)
  const available = async () =>
    (await apps.readNamespacedDeployment({ namespace, name: 'web' })).status?.availableReplicas
  await until('two available', async () => (await available()) === 2)
  await apps.patchNamespacedDeployment(
    { namespace, name: 'web', body: { spec: { replicas: 3 } } },
    setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
  )
  await until('three available', async () => (await available()) === 3)
  const pods = await core.listNamespacedPod({ namespace, labelSelector: 'app=web' })
  expect(pods.items).toHaveLength(3)
  const name = pods.items[0]?.metadata?.name ?? ''
  expect(await core.readNamespacedPodLog({ namespace, name, container: 'web' })).toContain(
    'log of web',
  )
  await core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 1 })
  await apps.deleteNamespacedDeployment({ namespace, name: 'web' })
  await until('no pods', () => cluster.store.list('pods').length === 0)
  await expect(apps.readNamespacedDeployment({ namespace, name: 'web' })).rejects.toMatchObject({
    code: 404,
  })
})

test("@kubernetes/client-node's watch sees the pods come", async () => {
  const seen: string[] = []
  const watch = new Watch(config)
  const abort = await watch.watch(
    '/api/v1/namespaces/default/pods',
    {},
    (type) => seen.push(type),
    () => undefined,
  )
  cluster.store.create('deployments', deployment('web', 2))
  await until('two pods are added', () => seen.filter((type) => type === 'ADDED').length === 2)
  abort.abort()
})
