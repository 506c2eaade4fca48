import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiClient } from '../../src/cluster/api-client.ts'
import { dryRunClient } from '../../src/cluster/dry-run/dry-run-client.ts'
import { type DryRun, dryRun } from '../../src/run/dry-run.ts'
import type { PreparedRun } from '../../src/run/prepare-run.ts'
import type { Step, StepAction } from '../../src/scenario/scenario.ts'
import { startTestCluster, type TestCluster } from '../lab/api/start-test-cluster.ts'
import { until } from '../lab/controllers/until.ts'
import { webDeployment } from '../support/web-deployment.ts'

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'
const COLLECTIONS = [
  DEPLOYMENTS,
  '/apis/apps/v1/namespaces/default/replicasets',
  '/api/v1/namespaces/default/pods',
  '/api/v1/namespaces/default/configmaps',
  '/api/v1/namespaces/default/events',
  '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
  '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  '/api/v1/nodes',
]
const EVERY_STEP: readonly StepAction[] = [
  { type: 'wait', durationUs: 1e6 },
  { type: 'scale', replicas: 1 },
  { type: 'restart' },
  { type: 'image', image: 'web:2' },
  { type: 'patch', podTemplate: { spec: { terminationGracePeriodSeconds: 5 } } },
  { type: 'delete-pods', pods: { unit: 'pods', count: 2 }, gracePeriodSeconds: 0 },
  { type: 'evict', pods: { unit: 'pods', count: 1 }, timeoutUs: 1e6 },
  { type: 'cordon' },
  { type: 'drain', timeoutUs: 1e6 },
  { type: 'delete-workload' },
]

let cluster: TestCluster

/** Three ready pods of a Deployment on two nodes. */
beforeEach(async () => {
  cluster = await startTestCluster(1, 2)
  await create(DEPLOYMENTS, webDeployment(3))
  await until('three pods are available', async () => {
    const { body } = await cluster.request('GET', `${DEPLOYMENTS}/web`)
    const { status } = body as { status?: { availableReplicas?: number } }
    return status?.availableReplicas === 3
  })
})

afterEach(() => cluster.close())

async function create(path: string, body: object): Promise<void> {
  expect((await cluster.request('POST', path, body)).code).toBe(201)
}

/** Every object with its resourceVersion: any write at all would show. */
async function versions(): Promise<readonly string[]> {
  const lists = await Promise.all(COLLECTIONS.map((path) => cluster.request('GET', path)))
  return lists.flatMap(({ body }, at) =>
    (body['items'] as { metadata: { name: string; resourceVersion: string } }[]).map(
      ({ metadata }) => `${COLLECTIONS[at] ?? ''}/${metadata.name} ${metadata.resourceVersion}`,
    ),
  )
}

async function tryOut(actions: readonly StepAction[], exec = false): Promise<DryRun> {
  const steps = actions.map((action, at): Step => ({ ...action, label: action.type, line: at }))
  const prepared = {
    scenario: { steps },
    connection: {
      client: apiClient(cluster.url, () => Promise.resolve()),
      contextName: 'lab',
      namespace: 'default',
      serverVersion: 'v1.34.0',
    },
    workload: {
      ref: { kind: 'deployment', name: 'web' },
      namespace: 'default',
      selector: 'app=web',
    },
  } as unknown as PreparedRun
  const tried = await dryRun(prepared, { runId: 'r1', allowed: { exec } })
  if (!tried.ok) throw new Error(tried.error.message)
  return tried.value
}

const verdicts = ({ steps }: DryRun) =>
  steps.map(({ step, change, wayBack }) => `${step.type} ${change.verdict} ${wayBack.verdict}`)

describe('a dry run', () => {
  it('sends every change and its way back as dry runs, and moves no resourceVersion at all', async () => {
    const before = await versions()
    const from = cluster.requests.length
    const tried = await tryOut(EVERY_STEP)
    expect(await versions()).toEqual(before)
    expect(verdicts(tried)).toEqual([
      'wait none none',
      'scale accepted accepted',
      'restart accepted accepted',
      'image accepted accepted',
      'patch accepted accepted',
      'delete-pods accepted none',
      'evict accepted none',
      'cordon accepted accepted',
      'drain accepted accepted',
      'delete-workload accepted accepted',
    ])
    const writes = cluster.requests.slice(from).filter((line) => !line.startsWith('GET '))
    expect(writes.length).toBeGreaterThan(20)
    expect(writes.filter((line) => !line.includes('dryRun=All'))).toEqual([])
  })

  it('puts back all that the steps so far have changed of an object, in one PATCH', async () => {
    const tried = await tryOut([
      { type: 'scale', replicas: 1 },
      { type: 'image', image: 'web:2' },
      { type: 'scale', replicas: 5 },
    ])
    const paths = ({ steps }: DryRun, at: number) =>
      (steps[at]?.wayBack.calls[0]?.body as { path: string; value?: unknown }[])
        .filter(({ path }) => path.startsWith('/spec'))
        .map(({ path, value }) => (typeof value === 'number' ? `${path} ${value}` : path))
    expect(paths(tried, 0)).toEqual(['/spec/replicas 3'])
    expect(paths(tried, 1)).toEqual(['/spec/replicas 3', '/spec/template'])
    expect(paths(tried, 2)).toEqual(['/spec/replicas 3', '/spec/template'])
    expect(tried.steps.map(({ notes }) => notes)).toEqual([
      [],
      [],
      ['step 1 changes the same field first; tried from the value that it has now'],
    ])
  })

  it.each<[string, StepAction, string]>([
    [
      'a negative field',
      { type: 'patch', podTemplate: {}, strategy: { rollingUpdate: { maxUnavailable: -1 } } },
      'must be greater than or equal to 0',
    ],
    ['an image without a name', { type: 'image', image: '' }, 'image'],
    ['an unknown node', { type: 'cordon', node: 'nowhere' }, 'nowhere'],
  ])('says why the API server refuses %s', async (_title, step, reason) => {
    const { steps } = await tryOut([step])
    expect(steps[0]?.change).toMatchObject({ verdict: 'refused', code: 'api-call-failed' })
    expect(steps[0]?.change.text).toContain(reason)
    expect(steps[0]?.wayBack.verdict).toBe('none')
  })

  it.each<[string, readonly StepAction[], string]>([
    [
      'there is no such container',
      [{ type: 'image', image: 'web:2', container: 'app' }],
      'no container "app"; there are web',
    ],
    ['there is no older revision', [{ type: 'undo' }], 'nothing to go back to'],
    [
      'the workload is deleted',
      [{ type: 'delete-workload' }, { type: 'scale', replicas: 1 }],
      'deleted by an earlier step',
    ],
    ['a command is not allowed', [{ type: 'exec', command: ['true'] }], '--allow-exec'],
  ])('says that a step would fail as %s', async (_title, actions, text) => {
    const { steps } = await tryOut(actions)
    expect(steps.at(-1)?.change).toMatchObject({ verdict: 'impossible' })
    expect(steps.at(-1)?.change.text).toContain(text)
  })

  it('does not claim to know what only a run would show', async () => {
    const actions: readonly StepAction[] = [
      { type: 'image', image: 'web:2' },
      { type: 'undo' },
      { type: 'exec', command: ['true'] },
    ]
    const { steps } = await tryOut(actions, true)
    expect(steps.map(({ change }) => change.verdict)).toEqual(['accepted', 'unknown', 'unknown'])
    expect(steps[1]?.change.text).toBe('it goes back to a revision that step 1 only makes')
  })

  it('says that a budget refuses an eviction now, which a run would ask again', async () => {
    await create('/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web' },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'web' } } },
    })
    const { steps } = await tryOut([
      { type: 'evict', pods: { unit: 'percent', percent: 100 }, timeoutUs: 60e6 },
    ])
    expect(steps[0]?.change).toMatchObject({ verdict: 'not-now' })
    expect(steps[0]?.change.text).toMatch(/^3 of 3 refused now, and asked again in a run: /)
  })

  it('sees that the server would not put back what was there', async () => {
    const plain = apiClient(cluster.url, () => Promise.resolve())
    const stubborn = {
      ...plain,
      // As a mutating webhook that never lets replicas grow.
      async call(call: Parameters<typeof plain.call>[0]) {
        const answer = await plain.call(call)
        const isWayBack = Array.isArray(call.body)
        if (!answer.ok || !isWayBack) return answer
        const spec = { ...(answer.value['spec'] as object), replicas: 1 }
        return { ok: true, value: { ...answer.value, spec } } as const
      },
    }
    const prepared = {
      scenario: { steps: [{ type: 'scale', replicas: 1, label: 'scale to 1', line: 1 }] },
      connection: { client: stubborn },
      workload: {
        ref: { kind: 'deployment', name: 'web' },
        namespace: 'default',
        selector: 'app=web',
      },
    } as unknown as PreparedRun
    const tried = await dryRun(prepared, { runId: 'r1', allowed: {} })
    expect(tried).toMatchObject({
      value: {
        steps: [
          {
            change: { verdict: 'accepted' },
            wayBack: {
              verdict: 'refused',
              text: 'the server takes it, but would not make spec.replicas what it was',
            },
          },
        ],
      },
    })
  })
})

describe('the client of a dry run', () => {
  it('lets no write through, whatever it is', async () => {
    const before = await versions()
    const client = dryRunClient(apiClient(cluster.url, () => Promise.resolve()))
    const pods = await client.call({ method: 'GET', path: '/api/v1/namespaces/default/pods' })
    if (!pods.ok) throw new Error(pods.error.message)
    const [pod] = pods.value['items'] as { metadata: { name: string } }[]
    const podPath = `/api/v1/namespaces/default/pods/${pod?.metadata.name ?? ''}`
    const answers = await Promise.all([
      client.call({ method: 'DELETE', path: podPath }),
      client.call({ method: 'DELETE', path: podPath, body: { gracePeriodSeconds: 0 } }),
      client.call({ method: 'DELETE', path: '/api/v1/namespaces/default/pods' }),
      client.call({
        method: 'POST',
        path: `${podPath}/eviction`,
        body: { metadata: pod?.metadata },
      }),
      client.call({
        method: 'PATCH',
        path: `${DEPLOYMENTS}/web/scale`,
        contentType: 'application/merge-patch+json',
        body: { spec: { replicas: 0 } },
      }),
      client.call({
        method: 'POST',
        path: '/api/v1/namespaces/default/configmaps',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } },
      }),
    ])
    expect(answers.map(({ ok }) => ok)).toEqual(Array(6).fill(true))
    expect(await versions()).toEqual(before)
  })
})
