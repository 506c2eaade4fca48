import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { monotonicUs } from '../../src/base/clock.ts'
import { random } from '../../src/base/random.ts'
import { actionOf } from '../../src/cluster/act/action-of.ts'
import { evictPods } from '../../src/cluster/act/evict-pods.ts'
import type { ActionContext } from '../../src/cluster/act/step-effect.ts'
import { apiClient } from '../../src/cluster/api-client.ts'
import { ClusterState } from '../../src/cluster/cluster-state.ts'
import { type ChangeSession, openSession } from '../../src/cluster/restore/open-session.ts'
import { watchCluster } from '../../src/cluster/watch-cluster.ts'
import type { StepAction } from '../../src/scenario/scenario.ts'
import { startTestCluster, type TestCluster } from '../lab/api/start-test-cluster.ts'
import { until } from '../support/podtank.ts'
import { webDeployment } from '../support/web-deployment.ts'

const DEPLOYMENT = '/apis/apps/v1/namespaces/default/deployments/web'
const NODES = '/api/v1/nodes'

let cluster: TestCluster
let state: ClusterState
let context: ActionContext
let session: ChangeSession
const stop = new AbortController()

/** Three ready pods of a Deployment on two nodes, watched as a run watches them. */
beforeEach(async () => {
  cluster = await startTestCluster(1, 2)
  const created = await cluster.request(
    'POST',
    '/apis/apps/v1/namespaces/default/deployments',
    deployment('web:1'),
  )
  expect(created.code).toBe(201)
  state = new ClusterState()
  const connection = {
    client: apiClient(cluster.url, () => Promise.resolve()),
    contextName: 'lab',
    namespace: 'default',
    serverVersion: 'v1.34.0',
  }
  const workload = {
    ref: { kind: 'deployment', name: 'web' } as const,
    namespace: 'default',
    selector: 'app=web',
  }
  await watchCluster({
    connection,
    workload,
    services: [],
    nowUs: monotonicUs,
    random: random(1),
    signal: stop.signal,
    onChange: (change) => state.apply(change),
  })
  const opened = await openSession({
    client: connection.client,
    namespace: 'default',
    workload: workload.ref,
    run: 'test-run',
    onLost: (problem) => expect.unreachable(problem.message),
  })
  if (!opened.ok) throw new Error(opened.error.message)
  session = opened.value
  context = {
    connection,
    workload,
    pods: () => [...state.pods.values()],
    session,
    signal: new AbortController().signal,
  }
  await until(() => state.isSettled)
})

afterEach(async () => {
  for (const ref of session.touched.toReversed()) await session.restore(ref)
  expect(await session.close()).toEqual({ ok: true })
  await cluster.close()
})

const deployment = (image: string) => webDeployment(3, image)

const budget = (maxUnavailable: number) =>
  cluster.request('POST', '/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { maxUnavailable, selector: { matchLabels: { app: 'web' } } },
  })

async function act(step: StepAction) {
  const done = await actionOf(step)?.(context)
  if (!done?.ok) throw new Error(done?.error.message)
  return done.value
}

async function goBack(): Promise<void> {
  for (const ref of session.touched.toReversed()) {
    expect((await session.restore(ref)).type).toBe('restored')
  }
}

const imageNow = async () => {
  const { body } = await cluster.request('GET', DEPLOYMENT)
  const spec = body.spec as { template: { spec: { containers: { image: string }[] } } }
  return spec.template.spec.containers[0]?.image
}

const cordoned = async () => {
  const { body } = await cluster.request('GET', NODES)
  return (body['items'] as { metadata: { name: string }; spec?: { unschedulable?: boolean } }[])
    .filter(({ spec }) => spec?.unschedulable === true)
    .map(({ metadata }) => metadata.name)
}

describe('undo', () => {
  it('goes back to the revision before, as kubectl rollout undo does', async () => {
    await act({ type: 'image', image: 'web:2' })
    await until(() => state.isSettled)
    expect(await act({ type: 'undo' })).toEqual({ detail: 'back to revision 1' })
    expect(await imageNow()).toBe('web:1')
    await until(() => state.isSettled)
  })

  it('goes back to a revision by its number', async () => {
    for (const image of ['web:2', 'web:3']) {
      await act({ type: 'image', image })
      await until(() => state.isSettled)
    }
    await act({ type: 'undo', toRevision: 1 })
    expect(await imageNow()).toBe('web:1')
  })

  it.each<[StepAction, string]>([
    [{ type: 'undo' }, 'there is nothing to go back to'],
    [{ type: 'undo', toRevision: 7 }, 'unable to find revision 7 in the history; there are 1'],
  ])('says what is missing: %j', async (step, message) => {
    await expect(act(step)).rejects.toThrow(message)
    expect(session.touched).toEqual([])
  })
})

describe('evict', () => {
  it('takes pods away by the Eviction API, and marks them so', async () => {
    const { pods = [], detail } = await act({
      type: 'evict',
      pods: { unit: 'percent', percent: 60 },
      timeoutUs: 1e6,
    })
    expect(detail).toBe('evicted 2 of 2')
    expect(cluster.requests.filter((line) => line.endsWith('/eviction'))).toEqual(
      pods.map((name) => `POST /api/v1/namespaces/default/pods/${name}/eviction`),
    )
    expect(session.touched).toEqual([])
  })

  it('asks again while a budget refuses, until all are evicted', async () => {
    await budget(1)
    const done = await evictPods(context, context.pods(), { timeoutUs: 10e6, retryMs: 50 })
    if (!done.ok) throw new Error(done.error.message)
    expect(done.value.evicted).toHaveLength(3)
    expect(done.value.refused).toEqual([])
    expect(done.value.refusals).toBeGreaterThan(0)
  })

  it('names the pods that a budget never let go', async () => {
    await budget(0)
    const [first] = context.pods()
    const { detail, pods } = await act({
      type: 'evict',
      pods: { unit: 'pods', count: 1 },
      timeoutUs: 100_000,
    })
    expect(detail).toMatch(/^evicted 0 of 1; refused by a budget until the time was over: web-/)
    expect(pods).toEqual([])
    expect(first?.deletionTimestamp).toBeUndefined()
  })
})

describe('drain', () => {
  it('cordons the busiest node, empties it, and uncordons it on the way back', async () => {
    const onNode = (name: string | undefined) =>
      context.pods().filter((pod) => pod.nodeName === name && pod.deletionTimestamp === undefined)
    const names = [...new Set(context.pods().map((pod) => pod.nodeName))]
    const busiest = names.find((name) => onNode(name).length === 2)
    const { detail, pods } = await act({ type: 'drain', timeoutUs: 10e6 })
    expect(detail).toBe(`${busiest ?? ''}: evicted 2 of 2`)
    expect(pods).toHaveLength(2)
    expect(onNode(busiest)).toEqual([])
    expect(await cordoned()).toEqual([busiest])
    await goBack()
    expect(await cordoned()).toEqual([])
  })

  it('leaves a node cordoned that was so before', async () => {
    const node = context.pods()[0]?.nodeName ?? ''
    const body = { spec: { unschedulable: true } }
    await cluster.request('PATCH', `${NODES}/${node}`, body, 'application/merge-patch+json')
    await act({ type: 'cordon', node })
    await session.restore({ kind: 'node', name: node })
    expect(await cordoned()).toEqual([node])
  })

  it('says that there is no such node', async () => {
    await expect(act({ type: 'drain', node: 'nowhere', timeoutUs: 1e6 })).rejects.toThrow(
      'reading node/nowhere',
    )
  })
})
