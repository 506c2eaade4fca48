import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { actionOf } from '../../src/cluster/act/action-of.ts'
import { TokenBucket } from '../../src/cluster/api/token-bucket.ts'
import { apiClient } from '../../src/cluster/api-client.ts'
import { openSession } from '../../src/cluster/restore/open-session.ts'
import type { StepAction } from '../../src/scenario/scenario.ts'
import { startTestCluster, type TestCluster } from '../lab/api/start-test-cluster.ts'
import { type ApiProxy, startApiProxy } from './api-proxy.ts'
import { stateOf } from './state-of.ts'
import { webDeployment } from '../support/web-deployment.ts'

const DEPLOYMENT = '/apis/apps/v1/namespaces/default/deployments/web'
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/default/leases/podtank-deployment-web'
const NODE = 'node-1'
const ROUNDS = 10

let cluster: TestCluster
let proxy: ApiProxy
let nodeName = NODE

beforeAll(async () => {
  cluster = await startTestCluster()
  proxy = await startApiProxy({ url: cluster.url })
  const nodes = (await cluster.request('GET', '/api/v1/nodes')).body as unknown as {
    items: { metadata: { name: string } }[]
  }
  nodeName = nodes.items[0]?.metadata.name ?? NODE
  await cluster.request('POST', '/apis/apps/v1/namespaces/default/deployments', webDeployment(3))
})

afterAll(async () => {
  await proxy.close()
  await cluster.close()
})

const stepsOf = (round: number): readonly StepAction[] => [
  { type: 'scale', replicas: round % 3 },
  { type: 'image', image: `web:${round + 2}` },
  { type: 'cordon', node: nodeName },
  {
    type: 'patch',
    podTemplate: { spec: { terminationGracePeriodSeconds: round + 5 } },
    strategy: { type: 'Recreate', rollingUpdate: null },
  },
]

/** Takes all of the steps at the same time, as a `parallel` does; gives what was there then, and puts back. */
async function round(number: number) {
  const bucket = new TokenBucket({ perSecond: 1_000, burst: 1_000 })
  const client = apiClient(proxy.url, () => Promise.resolve(), { bucket })
  const session = await openSession({
    client,
    namespace: 'default',
    workload: { kind: 'deployment', name: 'web' },
    run: `run-${number}`,
    onLost: (problem) => expect.unreachable(problem.message),
  })
  if (!session.ok) throw new Error(session.error.message)
  const context = {
    connection: { client } as never,
    workload: {
      ref: { kind: 'deployment', name: 'web' } as const,
      namespace: 'default',
      selector: 'app=web',
    },
    pods: () => [],
    session: session.value,
    signal: new AbortController().signal,
  }
  const done = await Promise.all(stepsOf(number).map(async (step) => actionOf(step)?.(context)))
  const { body } = await cluster.request('GET', DEPLOYMENT)
  const lease = (await cluster.request('GET', LEASE)).body
  for (const ref of session.value.touched.toReversed()) {
    expect((await session.value.restore(ref)).type).toBe('restored')
  }
  expect(await session.value.close()).toEqual({ ok: true })
  return {
    failed: done.flatMap((one) => (one?.ok === false ? [one.error.message] : [])),
    spec: body.spec,
    objects: JSON.parse(lease.metadata.annotations?.['podtank.dev/objects'] ?? '[]') as unknown[],
  }
}

const hasAll = (number: number) => ({
  replicas: number % 3,
  strategy: { type: 'Recreate' },
  template: {
    spec: {
      terminationGracePeriodSeconds: number + 5,
      containers: [{ image: `web:${number + 2}` }],
    },
  },
})

describe('changes at the same time', () => {
  it('of the same object and of different ones are all made, and all put back', async () => {
    const before = await stateOf(cluster, 'default', nodeName)
    for (let number = 0; number < ROUNDS; number++) {
      const { failed, spec, objects } = await round(number)
      expect(failed).toEqual([])
      expect(spec).toMatchObject(hasAll(number))
      expect(objects).toEqual([
        { kind: 'deployment', namespace: 'default', name: 'web' },
        { kind: 'node', name: nodeName },
      ])
      expect(await stateOf(cluster, 'default', nodeName)).toEqual(before)
    }
  })

  it('are so too when every fifth write is lost, or its answer is, and somebody else keeps writing', async () => {
    const before = await stateOf(cluster, 'default', nodeName)
    const chance = random(7)
    let cuts = 0
    proxy.decide = async (call) => {
      if (call.method !== 'PATCH') return 'answer'
      // Moves the resourceVersion between the read and the write of a change.
      if (chance.next() < 0.2) await touchStatus()
      if (chance.next() >= 0.2) return 'answer'
      cuts++
      if (chance.next() < 0.5) await call.forward()
      return 'cut'
    }
    for (let number = 0; number < ROUNDS; number++) {
      const { failed, spec } = await round(number)
      expect(failed).toEqual([])
      expect(spec).toMatchObject(hasAll(number))
      expect(await stateOf(cluster, 'default', nodeName)).toEqual(before)
    }
    expect(cuts).toBeGreaterThan(ROUNDS)
  }, 120_000)
})

let writes = 0

/** As a controller does: the object moves, its spec does not. */
async function touchStatus(): Promise<void> {
  const patch = { metadata: { labels: { touched: String(writes++) } } }
  await cluster.request('PATCH', DEPLOYMENT, patch, 'application/merge-patch+json')
  const drop = { metadata: { labels: { touched: null } } }
  await cluster.request('PATCH', DEPLOYMENT, drop, 'application/merge-patch+json')
}
