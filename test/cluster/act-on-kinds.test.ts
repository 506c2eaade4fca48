import { afterEach, describe, expect, it } from 'vitest'
import { monotonicUs } from '../../src/base/clock.ts'
import { random } from '../../src/base/random.ts'
import { actionOf } from '../../src/cluster/act/action-of.ts'
import type { ActionContext } from '../../src/cluster/act/step-effect.ts'
import { apiClient } from '../../src/cluster/api-client.ts'
import { ClusterState } from '../../src/cluster/cluster-state.ts'
import { findWorkload } from '../../src/cluster/find-workload.ts'
import { type ChangeSession, openSession } from '../../src/cluster/restore/open-session.ts'
import { watchCluster } from '../../src/cluster/watch-cluster.ts'
import type { StepAction, WorkloadRef } from '../../src/scenario/scenario.ts'
import { startTestCluster, type TestCluster } from '../lab/api/start-test-cluster.ts'
import { until } from '../support/podtank.ts'

const APPS = '/apis/apps/v1/namespaces/default'

const KINDS = {
  statefulset: { kind: 'StatefulSet', spec: { replicas: 3, serviceName: 'web' } },
  daemonset: { kind: 'DaemonSet', spec: {} },
} as const

/** A workload on three nodes with all its pods ready, watched and changed as a run does. */
interface Rig {
  readonly cluster: TestCluster
  readonly state: ClusterState
  readonly context: ActionContext
  readonly session: ChangeSession
  readonly path: string
  readonly names: () => string[]
}

let rig: Rig | undefined

afterEach(async () => {
  await rig?.cluster.close()
  rig = undefined
})

async function start(kind: keyof typeof KINDS, spec: object = {}): Promise<Rig> {
  const cluster = await startTestCluster(1, 3)
  const path = `${APPS}/${kind}s`
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
  }
  const created = await cluster.request('POST', path, {
    apiVersion: 'apps/v1',
    kind: KINDS[kind].kind,
    metadata: { name: 'web' },
    spec: { ...KINDS[kind].spec, ...spec, selector: { matchLabels: { app: 'web' } }, template },
  })
  expect(created.code).toBe(201)
  const state = new ClusterState()
  const client = apiClient(cluster.url, () => Promise.resolve())
  const connection = { client, contextName: 'lab', namespace: 'default', serverVersion: 'v1.34.0' }
  const ref: WorkloadRef = { kind, name: 'web' }
  const workload = await findWorkload(connection, ref, 'default')
  if (!workload.ok) throw new Error(workload.error.message)
  await watchCluster({
    connection,
    workload: workload.value,
    services: [],
    nowUs: monotonicUs,
    random: random(1),
    signal: new AbortController().signal,
    onChange: (change) => state.apply(change),
  })
  const session = await openSession({
    client,
    namespace: 'default',
    workload: ref,
    run: 'test-run',
    onLost: (problem) => expect.unreachable(problem.message),
  })
  if (!session.ok) throw new Error(session.error.message)
  await until(() => state.isSettled)
  return (rig = {
    cluster,
    state,
    session: session.value,
    path: `${path}/web`,
    names: () => [...state.pods.values()].map(({ name }) => name).sort(),
    context: {
      connection,
      workload: workload.value,
      pods: () => [...state.pods.values()],
      session: session.value,
      signal: new AbortController().signal,
    },
  })
}

async function act({ context, state }: Rig, step: StepAction): Promise<string> {
  const before = state.rollout
  const done = await actionOf(step)?.(context)
  if (!done?.ok) throw new Error(done?.error.message)
  const changes = ['scale', 'restart', 'image', 'patch', 'undo'].includes(step.type)
  if (changes) await until(() => state.rollout !== before)
  await until(() => state.isSettled)
  return done.value.detail
}

/** The object, and what of ours is on its revisions; the controller's own counts left out. */
async function stateOf({ cluster, path }: Rig) {
  const { metadata, spec } = (await cluster.request('GET', path)).body as unknown as {
    metadata: { annotations?: Record<string, string> }
    spec: unknown
  }
  const { body } = await cluster.request('GET', `${APPS}/controllerrevisions`)
  const items = body['items'] as { metadata: { annotations?: Record<string, string> } }[]
  return {
    spec,
    annotations: Object.keys(metadata.annotations ?? {}),
    copies: items.flatMap((item) =>
      Object.keys(item.metadata.annotations ?? {}).filter((name) => name.startsWith('podtank')),
    ),
  }
}

async function putBack({ session, state }: Rig): Promise<void> {
  for (const ref of session.touched.toReversed()) {
    expect((await session.restore(ref)).type).toBe('restored')
  }
  expect(await session.close()).toEqual({ ok: true })
  await until(() => state.isSettled)
}

const imagesOf = ({ state }: Rig) => [
  ...new Set([...state.pods.values()].map(({ containers }) => containers[0]?.image)),
]

describe.each(['statefulset', 'daemonset'] as const)('a %s', (kind) => {
  it('is restarted, given an image, patched with its strategy, and put back just as it was', async () => {
    const here = await start(kind)
    const before = await stateOf(here)
    const uids = [...here.state.pods.keys()]
    expect(await act(here, { type: 'restart' })).toBe('restarted')
    expect([...here.state.pods.keys()].filter((uid) => uids.includes(uid))).toEqual([])
    await act(here, { type: 'image', image: 'web:2' })
    expect(imagesOf(here)).toEqual(['web:2'])
    const podTemplate = { spec: { terminationGracePeriodSeconds: 7 } }
    const strategy = { type: 'OnDelete', rollingUpdate: null }
    await act(here, { type: 'patch', podTemplate, strategy })
    // Nobody deletes them, and so they are as they were.
    expect(imagesOf(here)).toEqual(['web:2'])
    expect((await stateOf(here)).spec).toMatchObject({ updateStrategy: { type: 'OnDelete' } })
    await putBack(here)
    expect(imagesOf(here)).toEqual(['web:1'])
    expect(await stateOf(here)).toEqual(before)
  })

  it('goes back to the revision before, or to one by its number, as kubectl rollout undo does', async () => {
    const here = await start(kind)
    for (const image of ['web:2', 'web:3']) await act(here, { type: 'image', image })
    expect(await act(here, { type: 'undo' })).toBe('back to revision 2')
    expect(imagesOf(here)).toEqual(['web:2'])
    // The revision that one goes back to is the newest from then on.
    expect(await act(here, { type: 'undo', toRevision: 1 })).toBe('back to revision 1')
    expect(imagesOf(here)).toEqual(['web:1'])
    await expect(act(here, { type: 'undo', toRevision: 9 })).rejects.toThrow(
      'unable to find revision 9 in the history; there are 5, 4, 3',
    )
  })

  it('says that there is nothing to go back to', async () => {
    const here = await start(kind)
    await expect(act(here, { type: 'undo' })).rejects.toThrow(
      `no last revision of the ${kind} "web" to roll back to`,
    )
    expect(here.session.touched).toEqual([])
  })

  it('is deleted and brought back', async () => {
    const here = await start(kind)
    const { spec } = await stateOf(here)
    const deleted = await actionOf({ type: 'delete-workload' })?.(here.context)
    expect(deleted).toEqual({ ok: true, value: { detail: `deleted ${kind}/web` } })
    await until(() => here.state.rollout === undefined && here.state.pods.size === 0)
    for (const ref of here.session.touched) await here.session.restore(ref)
    await until(() => here.state.isSettled)
    expect(await stateOf(here)).toEqual({ spec, annotations: [], copies: [] })
    expect(here.names().length).toBe(3)
  })

  it('leaves pods of others with the same labels alone', async () => {
    const here = await start(kind)
    const pod = { metadata: { name: 'stranger', labels: { app: 'web' } } }
    const template = { spec: { containers: [{ name: 'web', image: 'web:1' }] } }
    const owner = {
      apiVersion: 'v1',
      kind: 'ReplicaSet',
      name: 'other',
      uid: 'x',
      controller: true,
    }
    await here.cluster.request('POST', '/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      ...template,
      metadata: { ...pod.metadata, ownerReferences: [owner] },
    })
    const count = { unit: 'percent', percent: 100 } as const
    const detail = await act(here, { type: 'delete-pods', pods: count, gracePeriodSeconds: 0 })
    expect(detail).toBe('deleted 3 of 3')
    expect(here.names()).not.toContain('stranger')
  })
})

describe('a statefulset', () => {
  it('is scaled down from the highest ordinal, and up again', async () => {
    const here = await start('statefulset')
    expect(await act(here, { type: 'scale', replicas: 1 })).toBe('3 → 1 replicas')
    expect(here.names()).toEqual(['web-0'])
    await putBack(here)
    expect(here.names()).toEqual(['web-0', 'web-1', 'web-2'])
  })

  it('is drained from a node though its new pod has the name of the old one', async () => {
    const here = await start('statefulset')
    const node = [...here.state.pods.values()].find(({ name }) => name === 'web-1')?.nodeName
    const detail = await act(here, { type: 'drain', node: node ?? '', timeoutUs: 10_000_000 })
    expect(detail).toMatch(/^.*: evicted \d of \d$/)
    expect([...here.state.pods.values()].map(({ nodeName }) => nodeName)).not.toContain(node)
  })

  it('with a partition is settled when the pods above it are updated', async () => {
    const rollingUpdate = { partition: 2 }
    const here = await start('statefulset', {
      updateStrategy: { type: 'RollingUpdate', rollingUpdate },
    })
    await act(here, { type: 'image', image: 'web:2' })
    const images = [...here.state.pods.values()].map(
      ({ name, containers }) => `${name} ${containers[0]?.image ?? ''}`,
    )
    expect(images.sort()).toEqual(['web-0 web:1', 'web-1 web:1', 'web-2 web:2'])
  })
})
