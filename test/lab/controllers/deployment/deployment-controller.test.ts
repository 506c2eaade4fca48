import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Deployment, DeploymentSpec } from '../../../../src/lab/api/kinds/deployment.ts'
import type { Pod } from '../../../../src/lab/api/kinds/pod.ts'
import type { ReplicaSet } from '../../../../src/lab/api/kinds/replica-set.ts'
import type { KubeObject } from '../../../../src/lab/api/store.ts'
import type { TestCluster } from '../../api/start-test-cluster.ts'
import { startTestCluster } from '../../api/start-test-cluster.ts'
import { deployment } from '../manifests.ts'
import { until } from '../until.ts'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  await cluster.close()
})

const web = (): Deployment => {
  const found = cluster.store.get<Deployment>('deployments', 'default', 'web')
  if (!found) throw new Error('the deployment is gone')
  return found
}

const sizes = (): number[] =>
  cluster.store.list<ReplicaSet>('replicasets').map(({ spec }) => spec.replicas ?? 1)

const progressing = () => web().status?.conditions?.find(({ type }) => type === 'Progressing')

const isRolledOut = (): boolean => {
  const { metadata, spec, status = {} } = web()
  return (
    status.observedGeneration === metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.availableReplicas === spec.replicas
  )
}

const edit = (change: (spec: DeploymentSpec) => void): void => {
  cluster.store.change<Deployment>('deployments', 'default', 'web', (draft) => {
    change(draft.spec)
  })
}

const newImage = (image: string) => (spec: DeploymentSpec) => {
  for (const container of spec.template.spec.containers) container.image = image
}

async function rollOut(replicas: number, spec: Partial<DeploymentSpec> = {}): Promise<void> {
  cluster.store.create('deployments', deployment('web', replicas, spec))
  await until('the first rollout', isRolledOut)
}

const scalingMessages = (): string[] =>
  cluster.store
    .list<KubeObject & { reason: string; message: string }>('events')
    .filter(({ reason }) => reason === 'ScalingReplicaSet')
    .map(({ message }) => message.replace(/replica set \S+ /, ''))

describe('a new Deployment', () => {
  test('gets one ReplicaSet, its pods, and a full status', async () => {
    await rollOut(3)
    const [replicaSet] = cluster.store.list<ReplicaSet>('replicasets')
    const hash = replicaSet?.metadata.labels?.['pod-template-hash'] ?? ''
    expect(replicaSet?.metadata.name).toBe(`web-${hash}`)
    expect(replicaSet?.metadata.annotations).toEqual({
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
      'deployment.kubernetes.io/revision': '1',
    })
    const pods = cluster.store.list<Pod>('pods')
    expect(pods).toHaveLength(3)
    for (const { metadata, spec } of pods) {
      expect(metadata.name).toMatch(new RegExp(`^web-${hash}-[a-z0-9]{5}$`))
      expect(metadata.labels).toEqual({ app: 'web', 'pod-template-hash': hash })
      expect(spec.nodeName).toBe('lab-node-1')
    }
    expect(web().status).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    })
    expect(web().status).not.toHaveProperty('unavailableReplicas')
    expect(progressing()).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "web-${hash}" has successfully progressed.`,
    })
    expect(scalingMessages()).toEqual(['Scaled up from 0 to 3'])
  })

  test('has the same ReplicaSet name in every lab', async () => {
    await rollOut(1)
    const other = await startTestCluster(2)
    other.store.create('deployments', deployment('web', 1))
    await until('a ReplicaSet', () => other.store.list('replicasets').length === 1)
    const names = [cluster, other].map(({ store }) => store.list('replicasets')[0]?.metadata.name)
    await other.close()
    expect(names[0]).toBe(names[1])
  })
})

describe('a rolling update', () => {
  test('of 10 goes 10/3, 8/3, 8/5 before any new pod is ready, then to the end', async () => {
    await rollOut(10)
    cluster.kubelet.readyWhen = ({ spec }) => spec.containers[0]?.image === 'web:1'
    edit(newImage('web:2'))
    await until('8 old and 5 new', () => sizes().join() === '8,5')
    await until('the status of both', () => {
      const { availableReplicas, updatedReplicas } = web().status ?? {}
      return availableReplicas === 8 && updatedReplicas === 5
    })
    expect(scalingMessages().slice(1)).toEqual([
      'Scaled up from 0 to 3',
      'Scaled down from 10 to 8',
      'Scaled up from 3 to 5',
    ])
    cluster.kubelet.readyWhen = () => true
    cluster.kubelet.settle()
    await until('the rollout', isRolledOut)
    expect(sizes()).toEqual([0, 10])
    expect(web().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2')
  })

  test('never has more than desired + surge active pods, nor fewer available than allowed', async () => {
    await rollOut(4)
    let most = 0
    let fewest = Infinity
    const unwatch = cluster.store.watch<Pod>('pods', () => {
      const active = cluster.store
        .list<Pod>('pods')
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      const ready = active.filter(({ status }) =>
        status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      )
      most = Math.max(most, active.length)
      fewest = Math.min(fewest, ready.length)
    })
    edit(newImage('web:2'))
    await until('the rollout', isRolledOut)
    unwatch()
    expect([most, fewest]).toEqual([5, 3])
  })

  test('back to an earlier template takes the earlier ReplicaSet with a new revision', async () => {
    await rollOut(2)
    edit(newImage('web:2'))
    await until('the second revision', isRolledOut)
    edit(newImage('web:1'))
    await until('the third revision', isRolledOut)
    const replicaSets = cluster.store.list<ReplicaSet>('replicasets')
    const revisions = replicaSets.map(
      ({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'],
    )
    expect([revisions, sizes()]).toEqual([
      ['3', '2'],
      [2, 0],
    ])
  })

  test('waits minReadySeconds before it goes on', async () => {
    await rollOut(1)
    edit((spec) => {
      spec.minReadySeconds = 1
      newImage('web:2')(spec)
    })
    await until('the new pod is ready', () => web().status?.readyReplicas === 2)
    expect(web().status?.availableReplicas).toBe(1)
    await until('the rollout', isRolledOut)
    expect(sizes()).toEqual([0, 1])
  })

  test('forgets ReplicaSets beyond revisionHistoryLimit', async () => {
    await rollOut(1, { revisionHistoryLimit: 1 })
    for (const image of ['web:2', 'web:3', 'web:4']) {
      edit(newImage(image))
      await until(image, isRolledOut)
    }
    await until('one old ReplicaSet is left', () => sizes().length === 2)
    expect(sizes()).toEqual([0, 1])
  })

  test('that makes no progress until its deadline says so, and stays', async () => {
    await rollOut(1, { progressDeadlineSeconds: 1 })
    cluster.kubelet.readyWhen = () => false
    edit(newImage('web:2'))
    await until('the deadline', () => progressing()?.reason === 'ProgressDeadlineExceeded')
    expect(progressing()?.status).toBe('False')
    expect(sizes()).toEqual([1, 1])
  })
})

describe('scaling', () => {
  test('10 to 1 deletes nine pods, whatever becomes of them', async () => {
    await rollOut(10)
    cluster.kubelet.endsPods = false
    edit((spec) => {
      spec.replicas = 1
    })
    const terminating = () =>
      cluster.store
        .list<Pod>('pods')
        .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    await until('nine pods terminate', () => terminating().length === 9)
    await until('the status', isRolledOut)
    expect(scalingMessages().at(-1)).toBe('Scaled down from 10 to 1')
  })

  test('in the middle of a rollout goes before the rollout, in proportion', async () => {
    await rollOut(10)
    cluster.kubelet.readyWhen = ({ spec }) => spec.containers[0]?.image === 'web:1'
    edit(newImage('web:2'))
    await until('8 old and 5 new', () => sizes().join() === '8,5')
    edit((spec) => {
      spec.replicas = 15
    })
    await until('19 together', () => sizes().join() === '12,7')
    cluster.kubelet.readyWhen = () => true
    cluster.kubelet.settle()
    await until('the rollout', isRolledOut)
    expect(sizes()).toEqual([0, 15])
  })

  test('works while paused, when rolling does not', async () => {
    await rollOut(2)
    edit((spec) => {
      spec.paused = true
      spec.replicas = 3
      newImage('web:2')(spec)
    })
    await until('3 old pods', () => sizes().join() === '3')
    await until('the condition', () => progressing()?.reason === 'DeploymentPaused')
    edit((spec) => {
      delete spec.paused
    })
    await until('the rollout', isRolledOut)
    expect(sizes()).toEqual([0, 3])
  })
})

test('Recreate waits until the old pods are really gone', async () => {
  await rollOut(2, { strategy: { type: 'Recreate' } })
  cluster.kubelet.endsPods = false
  edit(newImage('web:2'))
  const pods = () => cluster.store.list<Pod>('pods')
  await until('both terminate', () =>
    pods().every(({ metadata }) => metadata.deletionTimestamp !== undefined),
  )
  await until('the status says so', () => web().status?.availableReplicas === 0)
  expect(sizes()).toEqual([0])
  cluster.kubelet.endsPods = true
  cluster.kubelet.settle()
  await until('the rollout', isRolledOut)
  expect(pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(['web:2', 'web:2'])
})
