import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EndpointSlice } from '../../../../src/lab/api/kinds/endpoint-slice.ts'
import type { Pod, PodSpec } from '../../../../src/lab/api/kinds/pod.ts'
import type { TestCluster } from '../../api/start-test-cluster.ts'
import { startTestCluster } from '../../api/start-test-cluster.ts'
import { deployment, pod, podSpec, service } from '../manifests.ts'
import { until } from '../until.ts'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  await cluster.close()
})

const slices = () => cluster.store.list<EndpointSlice>('endpointslices')

const endpoints = () => slices().flatMap((slice) => slice.endpoints)

const conditions = () =>
  endpoints().map(({ conditions: { ready, serving, terminating } }) =>
    [ready, serving, terminating].map(Number).join(''),
  )

function createPod(name: string, spec: PodSpec = podSpec()): void {
  cluster.store.create('pods', { ...pod(name, { labels: { app: 'web' } }), spec })
}

test('a Service has one slice with an endpoint for each pod', async () => {
  cluster.store.create('services', service('web'))
  cluster.store.create('deployments', deployment('web', 3))
  await until('three ready endpoints', () => conditions().join() === '110,110,110')
  const [slice] = slices()
  expect(slices()).toHaveLength(1)
  expect(slice?.metadata.name).toMatch(/^web-[a-z0-9]{5}$/)
  expect(slice?.metadata.labels).toMatchObject({ 'kubernetes.io/service-name': 'web' })
  expect(slice?.metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time']).toMatch(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  )
  expect(slice?.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }])
  const [first] = cluster.store.list<Pod>('pods')
  expect(slice?.endpoints[0]).toEqual({
    addresses: [first?.status.podIP],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: 'lab-node-1',
    targetRef: {
      kind: 'Pod',
      name: first?.metadata.name,
      namespace: 'default',
      uid: first?.metadata.uid,
    },
  })
})

test('a pod goes from ready to serving and terminating to gone', async () => {
  cluster.store.create('services', service('web'))
  createPod('web')
  await until('ready', () => conditions().join() === '110')
  cluster.kubelet.endsPods = false
  cluster.store.remove('pods', 'default', 'web')
  await until('terminating', () => conditions().join() === '011')
  cluster.kubelet.endsPods = true
  cluster.kubelet.settle()
  await until('gone', () => conditions().length === 0)
  expect(slices()).toHaveLength(1)
})

test('a pod that is not ready is there, but neither ready nor serving', async () => {
  cluster.kubelet.readyWhen = () => false
  cluster.store.create('services', service('web'))
  createPod('web')
  await until('an endpoint', () => conditions().length === 1)
  expect(conditions()).toEqual(['000'])
})

test('publishNotReadyAddresses makes every endpoint ready, but not serving', async () => {
  cluster.kubelet.readyWhen = () => false
  cluster.store.create('services', service('web', { publishNotReadyAddresses: true }))
  createPod('web')
  await until('an endpoint', () => conditions().length === 1)
  expect(conditions()).toEqual(['100'])
})

test('a named port that differs from pod to pod gives a slice for each number', async () => {
  cluster.store.create('services', service('web'))
  createPod('old')
  createPod('new', {
    containers: [{ name: 'web', image: 'web:2', ports: [{ name: 'http', containerPort: 9090 }] }],
  })
  await until('two slices', () => slices().length === 2 && endpoints().length === 2)
  expect(slices().map(({ ports }) => ports.map(({ port }) => port).join())).toEqual([
    '8080',
    '9090',
  ])
})

test('the slices go with their Service', async () => {
  cluster.store.create('services', service('web'))
  createPod('web')
  await until('a slice', () => slices().length === 1)
  cluster.store.remove('services', 'default', 'web')
  await until('no slice', () => slices().length === 0)
})

test('a slice is written 5 ms after the change at the earliest, and only for changes that it shows', async () => {
  cluster.store.create('services', service('web'))
  createPod('web')
  await until('ready', () => conditions().join() === '110')
  const writes: string[] = []
  const unwatch = cluster.store.watch('endpointslices', ({ object }) => {
    writes.push(object.metadata.resourceVersion)
  })
  cluster.store.change<Pod>('pods', 'default', 'web', (draft) => {
    draft.status.message = 'nothing an endpoint shows'
  })
  cluster.kubelet.readyWhen = () => false
  const startedAtMs = performance.now()
  cluster.kubelet.settle()
  await until('not ready', () => conditions().join() === '000')
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(4.5)
  unwatch()
  expect(writes).toHaveLength(2)
})
