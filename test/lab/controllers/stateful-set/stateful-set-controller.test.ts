import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ControllerRevision } from '../../../../src/lab/api/kinds/controller-revision.ts'
import type { Pod } from '../../../../src/lab/api/kinds/pod.ts'
import type { StatefulSet, StatefulSetSpec } from '../../../../src/lab/api/kinds/stateful-set.ts'
import { type Change, type KubeObject } from '../../../../src/lab/api/store.ts'
import { startTestCluster, type TestCluster } from '../../api/start-test-cluster.ts'
import { named, podSpec } from '../manifests.ts'
import { until } from '../until.ts'

let cluster: TestCluster
/** `create web-0`, `delete web-2`, … in order. */
let acts: string[]

beforeEach(async () => {
  cluster = await startTestCluster()
  acts = []
  const terminating = new Set<string>()
  cluster.store.watch<Pod>('pods', ({ type, object }: Change<Pod>) => {
    const { name, uid, deletionTimestamp } = object.metadata
    if (type === 'ADDED') acts.push(`create ${name}`)
    if (deletionTimestamp === undefined || terminating.has(uid)) return
    terminating.add(uid)
    acts.push(`delete ${name}`)
  })
})

afterEach(async () => {
  await cluster.close()
})

const statefulSet = (replicas: number, spec: Partial<StatefulSetSpec> = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: named('web'),
  spec: {
    replicas,
    serviceName: 'web',
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: podSpec() },
    ...spec,
  },
})

const web = (): StatefulSet => {
  const found = cluster.store.get<StatefulSet>('statefulsets', 'default', 'web')
  if (!found) throw new Error('the set is gone')
  return found
}

const isSettled = (): boolean => {
  const { metadata, spec, status } = web()
  return (
    status?.observedGeneration === metadata.generation &&
    status?.readyReplicas === spec.replicas &&
    status?.replicas === spec.replicas
  )
}

const edit = (change: (spec: StatefulSetSpec) => void): void => {
  cluster.store.change<StatefulSet>('statefulsets', 'default', 'web', (draft) => {
    change(draft.spec)
  })
}

const setImage = (image: string) => {
  edit((spec) => {
    for (const container of spec.template.spec.containers) container.image = image
  })
}

const images = (): string[] =>
  cluster.store
    .list<Pod>('pods')
    .map(({ metadata, spec }) => `${metadata.name} ${spec.containers[0]?.image ?? ''}`)
    .sort()

async function start(replicas: number, spec: Partial<StatefulSetSpec> = {}): Promise<void> {
  const created = cluster.store.create('statefulsets', statefulSet(replicas, spec))
  if (!created.ok) throw new Error(created.error.message)
  await until('all pods are ready', isSettled)
}

describe('a StatefulSet', () => {
  test('makes its pods one after the other, each ready before the next, with stable names', async () => {
    cluster.kubelet.readyWhen = ({ metadata }) => metadata.name !== 'web-1'
    cluster.store.create('statefulsets', statefulSet(3))
    await until('web-1 is there', () => acts.length === 2)
    expect(acts).toEqual(['create web-0', 'create web-1'])
    cluster.kubelet.readyWhen = () => true
    cluster.kubelet.settle()
    await until('all pods are ready', isSettled)
    expect(acts).toEqual(['create web-0', 'create web-1', 'create web-2'])
    const [pod] = cluster.store.list<Pod>('pods')
    const revision = web().status?.updateRevision ?? ''
    expect(pod?.metadata.labels).toEqual({
      app: 'web',
      'apps.kubernetes.io/pod-index': '0',
      'controller-revision-hash': revision,
      'statefulset.kubernetes.io/pod-name': 'web-0',
    })
    expect(pod?.spec).toMatchObject({ hostname: 'web-0', subdomain: 'web' })
    expect(web().status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
    })
  })

  test('scales down from the highest ordinal, one at a time, and up again with the same names', async () => {
    await start(3)
    cluster.kubelet.endsPods = false
    edit((spec) => (spec.replicas = 1))
    await until('a deletion', () => acts.includes('delete web-2'))
    expect(acts).not.toContain('delete web-1')
    cluster.kubelet.endsPods = true
    cluster.kubelet.settle()
    await until('one is left', isSettled)
    edit((spec) => (spec.replicas = 2))
    await until('two again', isSettled)
    expect(acts.slice(3)).toEqual(['delete web-2', 'delete web-1', 'create web-1'])
  })

  test('Parallel makes and ends pods at once', async () => {
    cluster.kubelet.readyWhen = () => false
    cluster.store.create('statefulsets', statefulSet(3, { podManagementPolicy: 'Parallel' }))
    await until('all are there', () => acts.length === 3)
    cluster.kubelet.endsPods = false
    edit((spec) => (spec.replicas = 0))
    await until('all are ending', () => acts.length === 6)
    expect(acts.slice(3)).toEqual(['delete web-2', 'delete web-1', 'delete web-0'])
  })

  test('a pod that is deleted comes back under its name', async () => {
    await start(2)
    cluster.store.remove('pods', 'default', 'web-0')
    await until('it is back', () => acts.length === 4 && isSettled())
    expect(acts.slice(2)).toEqual(['delete web-0', 'create web-0'])
  })
})

describe('a rolling update of a StatefulSet', () => {
  test('goes from the highest ordinal down, waits for each, and moves the current revision at the end', async () => {
    await start(3)
    const first = web().status?.currentRevision
    cluster.kubelet.readyWhen = ({ spec }) => spec.containers[0]?.image !== 'web:2'
    setImage('web:2')
    await until('web-2 is new', () => images()[2] === 'web-2 web:2')
    expect(acts.slice(3)).toEqual(['delete web-2', 'create web-2'])
    expect(web().status).toMatchObject({ currentRevision: first, updatedReplicas: 1 })
    expect(web().status?.updateRevision).not.toBe(first)
    cluster.kubelet.readyWhen = () => true
    cluster.kubelet.settle()
    await until('it is done', () => web().status?.currentRevision !== first)
    expect(acts.slice(5)).toEqual(['delete web-1', 'create web-1', 'delete web-0', 'create web-0'])
    expect(web().status).toMatchObject({ currentReplicas: 3, updatedReplicas: 3 })
  })

  test('stops at the partition, below which a lost pod comes back as it was', async () => {
    await start(3, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } })
    setImage('web:2')
    await until('web-2 is new', () => images()[2] === 'web-2 web:2' && isSettled())
    cluster.store.remove('pods', 'default', 'web-0')
    await until('web-0 is back', () => acts.at(-1) === 'create web-0' && isSettled())
    expect(images()).toEqual(['web-0 web:1', 'web-1 web:1', 'web-2 web:2'])
    expect(web().status).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 })
  })

  test('OnDelete changes only what is deleted', async () => {
    await start(2, { updateStrategy: { type: 'OnDelete' } })
    setImage('web:2')
    await until('it was seen', () => web().status?.observedGeneration === 2)
    expect(acts).toHaveLength(2)
    cluster.store.remove('pods', 'default', 'web-0')
    await until('it is back', () => acts.length === 4 && isSettled())
    expect(images()).toEqual(['web-0 web:2', 'web-1 web:1'])
  })

  test('going back uses the old revision again, with a new number; old ones are cleaned', async () => {
    await start(1, { revisionHistoryLimit: 1 })
    const revisions = () => cluster.store.list<ControllerRevision>('controllerrevisions')
    const numbers = (): Record<string, number> =>
      Object.fromEntries(
        revisions().map(({ data, revision }): [string, number] => [
          data.spec.template.spec.containers[0]?.image ?? '',
          revision,
        ]),
      )
    for (const image of ['web:2', 'web:1']) {
      setImage(image)
      await until(image, () => images()[0] === `web-0 ${image}` && isSettled())
    }
    expect(numbers()).toEqual({ 'web:2': 2, 'web:1': 3 })
    for (const image of ['web:3', 'web:4']) {
      setImage(image)
      await until(image, () => images()[0] === `web-0 ${image}` && isSettled())
    }
    await until('the old ones are gone', () => revisions().length === 2)
    expect(numbers()).toEqual({ 'web:3': 4, 'web:4': 5 })
  })
})

test('what a StatefulSet keeps cannot be changed, and a wrong one is refused in the words of Kubernetes', async () => {
  const path = '/apis/apps/v1/namespaces/default/statefulsets'
  const wrong = statefulSet(1, {
    podManagementPolicy: 'Random' as 'Parallel',
    updateStrategy: { type: 'Recreate' as 'OnDelete' },
  })
  const refused = await cluster.request('POST', path, wrong)
  expect(refused.body['message']).toContain(
    `spec.podManagementPolicy: Invalid value: "Random": must be 'OrderedReady' or 'Parallel'`,
  )
  expect(refused.body['message']).toContain("must be 'RollingUpdate' or 'OnDelete'")
  await start(1)
  const patch = { spec: { serviceName: 'other' } }
  const changed = await cluster.request(
    'PATCH',
    `${path}/web`,
    patch,
    'application/merge-patch+json',
  )
  expect(changed.code).toBe(422)
  expect(changed.body['message']).toContain('updates to statefulset spec for fields other than')
  const scale = await cluster.request('GET', `${path}/web/scale`)
  expect(scale.body).toMatchObject({
    kind: 'Scale',
    spec: { replicas: 1 },
  } satisfies Partial<KubeObject>)
})
