import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Deployment } from '../../../../src/lab/api/kinds/deployment.ts'
import type { PodDisruptionBudget } from '../../../../src/lab/api/kinds/pod-disruption-budget.ts'
import type { Pod } from '../../../../src/lab/api/kinds/pod.ts'
import type { Change } from '../../../../src/lab/api/store.ts'
import type { TestCluster } from '../../api/start-test-cluster.ts'
import { startTestCluster } from '../../api/start-test-cluster.ts'
import { deployment, named } from '../manifests.ts'
import { until } from '../until.ts'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  await cluster.close()
})

const budget = (name: string, spec: object) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: named(name),
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
})

const status = (name = 'web') =>
  cluster.store.get<PodDisruptionBudget>('poddisruptionbudgets', 'default', name)?.status

async function webWith(replicas: number, spec?: object): Promise<void> {
  cluster.store.create('deployments', deployment('web', replicas))
  await until('the rollout', () => {
    const web = cluster.store.get<Deployment>('deployments', 'default', 'web')
    return web?.status?.availableReplicas === replicas
  })
  if (!spec) return
  cluster.store.create('poddisruptionbudgets', budget('web', spec))
  await until('the budget is worked out', () => status()?.observedGeneration === 1)
}

const pods = () => cluster.store.list<Pod>('pods')

const firstPod = (): string => pods()[0]?.metadata.name ?? ''

const evict = (pod: string, more: object = {}) =>
  cluster.request('POST', `/api/v1/namespaces/default/pods/${pod}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: pod, namespace: 'default' },
    ...more,
  })

test.each([
  [{ minAvailable: 3 }, { disruptionsAllowed: 2, desiredHealthy: 3, expectedPods: 5 }],
  [{ minAvailable: '50%' }, { disruptionsAllowed: 2, desiredHealthy: 3, expectedPods: 5 }],
  [{ maxUnavailable: 1 }, { disruptionsAllowed: 1, desiredHealthy: 4, expectedPods: 5 }],
  [{ maxUnavailable: '30%' }, { disruptionsAllowed: 2, desiredHealthy: 3, expectedPods: 5 }],
  [{ minAvailable: '100%' }, { disruptionsAllowed: 0, desiredHealthy: 5, expectedPods: 5 }],
])('%j of five pods is %j', async (spec, expected) => {
  await webWith(5, spec)
  expect(status()).toMatchObject({ ...expected, currentHealthy: 5 })
  const [condition] = status()?.conditions ?? []
  expect(condition).toMatchObject(
    expected.disruptionsAllowed > 0
      ? { type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods' }
      : { type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' },
  )
})

test('an eviction without a budget first marks the pod as disrupted, then deletes it', async () => {
  await webWith(2)
  cluster.kubelet.endsPods = false
  const name = firstPod()
  const seen: Pod[] = []
  const stop = cluster.store.watch<Pod>('pods', ({ type, object }: Change<Pod>) => {
    if (type === 'MODIFIED' && object.metadata.name === name) seen.push(object)
  })
  const { code, body } = await evict(name, { deleteOptions: { gracePeriodSeconds: 7 } })
  stop()
  expect([code, body.status]).toEqual([201, 'Success'])
  const target = seen.map(({ metadata, status: { conditions = [] } }) => [
    conditions.find(({ type }) => type === 'DisruptionTarget')?.reason,
    metadata.deletionGracePeriodSeconds,
  ])
  expect(target.slice(0, 2)).toEqual([
    ['EvictionByEvictionAPI', undefined],
    ['EvictionByEvictionAPI', 7],
  ])
})

test('what the budget does not allow is refused with 429, until a new pod is ready', async () => {
  await webWith(2, { minAvailable: 1 })
  cluster.kubelet.readyWhen = ({ metadata }) => metadata.uid === 'none'
  const [first = '', second = ''] = pods().map(({ metadata }) => metadata.name)
  expect((await evict(first)).code).toBe(201)
  const refused = await evict(second)
  expect(refused.code).toBe(429)
  expect(refused.body).toMatchObject({
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [{ reason: 'DisruptionBudget' }],
    },
  })
  cluster.kubelet.readyWhen = () => true
  cluster.kubelet.settle()
  await until('the replacement is healthy', () => status()?.disruptionsAllowed === 1)
  expect((await evict(second)).code).toBe(201)
})

test('two evictions at once cannot both take the last disruption', async () => {
  await webWith(3, { maxUnavailable: 1 })
  const answers = await Promise.all(pods().map(({ metadata }) => evict(metadata.name)))
  expect(answers.map(({ code }) => code).sort()).toEqual([201, 429, 429])
})

test('a dry run is refused as the real one, and takes nothing', async () => {
  await webWith(2, { minAvailable: 1 })
  const dryRun = { deleteOptions: { dryRun: ['All'] } }
  expect((await evict(firstPod(), dryRun)).code).toBe(201)
  expect((await evict(firstPod(), dryRun)).code).toBe(201)
  expect(status()?.disruptionsAllowed).toBe(1)
  expect(pods().every(({ metadata }) => metadata.deletionTimestamp === undefined)).toBe(true)
})

test('a pod under two budgets cannot be evicted', async () => {
  await webWith(2, { minAvailable: 0 })
  cluster.store.create('poddisruptionbudgets', budget('again', { minAvailable: 0 }))
  const { code, body } = await evict(firstPod())
  expect([code, body['reason']]).toEqual([500, undefined])
})

test.each([
  ['IfHealthyBudget', 429],
  ['AlwaysAllow', 201],
])('a pod that is not ready, under a broken budget of %s: %i', async (policy, code) => {
  await webWith(2, { minAvailable: 2, unhealthyPodEvictionPolicy: policy })
  const name = firstPod()
  cluster.kubelet.readyWhen = ({ metadata }) => metadata.name !== name
  cluster.kubelet.settle()
  await until('one is not healthy', () => status()?.currentHealthy === 1)
  expect((await evict(name)).code).toBe(code)
})

test('a Pending pod costs no budget', async () => {
  await webWith(1, { minAvailable: 1 })
  cluster.kubelet.stop()
  cluster.store.change<Pod>('pods', 'default', firstPod(), (draft) => {
    draft.status.phase = 'Pending'
  })
  expect((await evict(firstPod())).code).toBe(201)
})

test.each([
  [{ minAvailable: 1, maxUnavailable: 1 }, 'cannot be both set'],
  [{ minAvailable: '120%' }, 'spec.minAvailable'],
  [{ maxUnavailable: -1 }, 'spec.maxUnavailable'],
  [{ unhealthyPodEvictionPolicy: 'Never' }, 'spec.unhealthyPodEvictionPolicy'],
])('refuses a budget of %j', async (spec, words) => {
  const answer = await cluster.request(
    'POST',
    '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
    { metadata: { name: 'web' }, spec },
  )
  expect(answer.code).toBe(422)
  expect(answer.body['message']).toContain(words)
})
