import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DaemonSet, DaemonSetSpec } from '../../../../src/lab/api/kinds/daemon-set.ts'
import type { Node } from '../../../../src/lab/api/kinds/node.ts'
import type { Pod } from '../../../../src/lab/api/kinds/pod.ts'
import { startTestCluster, type TestCluster } from '../../api/start-test-cluster.ts'
import { named, podSpec } from '../manifests.ts'
import { until } from '../until.ts'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster(1, 3)
})

afterEach(async () => {
  await cluster.close()
})

const daemonSet = (spec: Partial<DaemonSetSpec> = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: named('agent'),
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: podSpec() },
    ...spec,
  },
})

const agent = (): DaemonSet => {
  const found = cluster.store.get<DaemonSet>('daemonsets', 'default', 'agent')
  if (!found) throw new Error('the set is gone')
  return found
}

const pods = () => cluster.store.list<Pod>('pods')

/** `lab-node-1 web:1`, sorted; `ending` after those that are. */
const daemons = (): string[] =>
  pods()
    .map(
      ({ metadata, spec }) =>
        `${spec.nodeName ?? 'nowhere'} ${spec.containers[0]?.image ?? ''}${metadata.deletionTimestamp === undefined ? '' : ' ending'}`,
    )
    .sort()

const isRolledOut = (): boolean => {
  const { metadata, status } = agent()
  return (
    status?.observedGeneration === metadata.generation &&
    status?.updatedNumberScheduled === status?.desiredNumberScheduled &&
    status?.numberAvailable === status?.desiredNumberScheduled
  )
}

async function start(spec: Partial<DaemonSetSpec> = {}): Promise<void> {
  const created = cluster.store.create('daemonsets', daemonSet(spec))
  if (!created.ok) throw new Error(created.error.message)
  await until('every node has its daemon', () => daemons().length > 0 && isRolledOut())
}

const setImage = (image: string) =>
  cluster.store.change<DaemonSet>('daemonsets', 'default', 'agent', (draft) => {
    for (const container of draft.spec.template.spec.containers) container.image = image
  })

const changeNode = (name: string, change: (node: Node) => void) =>
  cluster.store.change<Node>('nodes', '', name, change)

describe('a DaemonSet', () => {
  test('has one pod on every node, cordoned ones too, and a full status', async () => {
    changeNode('lab-node-2', (node) => (node.spec = { unschedulable: true }))
    await start()
    expect(daemons()).toEqual(['lab-node-1 web:1', 'lab-node-2 web:1', 'lab-node-3 web:1'])
    expect(agent().status).toEqual({
      observedGeneration: 1,
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberMisscheduled: 0,
      numberReady: 3,
      updatedNumberScheduled: 3,
      numberAvailable: 3,
      numberUnavailable: 0,
    })
    const [pod] = pods()
    expect(pod?.metadata.labels).toMatchObject({ app: 'agent', 'pod-template-generation': '1' })
  })

  test('keeps to its nodeSelector and to taints, and follows the nodes', async () => {
    changeNode('lab-node-3', (node) => {
      node.spec = { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }
    })
    const template = {
      metadata: { labels: { app: 'agent' } },
      spec: { ...podSpec(), nodeSelector: { 'kubernetes.io/os': 'linux' } },
    }
    await start({ template })
    expect(daemons()).toEqual(['lab-node-1 web:1', 'lab-node-2 web:1'])
    changeNode('lab-node-2', (node) => (node.metadata.labels = {}))
    await until('it left the node', () => daemons().join() === 'lab-node-1 web:1')
    changeNode('lab-node-3', (node) => (node.spec = {}))
    await until('it came', () => daemons().join() === 'lab-node-1 web:1,lab-node-3 web:1')
  })

  test('a deleted daemon comes back only when the old one is gone', async () => {
    await start()
    cluster.kubelet.endsPods = false
    cluster.store.remove('pods', 'default', pods()[0]?.metadata.name ?? '')
    await until('it was seen', () => agent().status?.observedGeneration === 1)
    expect(daemons()).toHaveLength(3)
    cluster.kubelet.endsPods = true
    cluster.kubelet.settle()
    await until('three again', () => isRolledOut() && !daemons().join().includes('ending'))
  })
})

describe('a rolling update of a DaemonSet', () => {
  test('ends one daemon at a time, and waits for its successor', async () => {
    await start()
    cluster.kubelet.readyWhen = ({ spec }) => spec.containers[0]?.image === 'web:1'
    setImage('web:2')
    await until('one is new', () => daemons().join().includes('web:2'))
    await until('it runs', () => agent().status?.numberUnavailable === 1)
    expect(daemons().filter((one) => one.endsWith('web:1'))).toHaveLength(2)
    cluster.kubelet.readyWhen = () => true
    cluster.kubelet.settle()
    await until('all are new', isRolledOut)
    expect(daemons()).toEqual(['lab-node-1 web:2', 'lab-node-2 web:2', 'lab-node-3 web:2'])
  })

  test('with maxSurge the new daemon is there before the old one goes', async () => {
    await start({
      updateStrategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      },
    })
    cluster.kubelet.readyWhen = ({ spec }) => spec.containers[0]?.image === 'web:1'
    setImage('web:2')
    await until('a surge', () => pods().length === 4)
    expect(daemons().filter((one) => one.endsWith('web:1'))).toHaveLength(3)
    cluster.kubelet.readyWhen = () => true
    cluster.kubelet.settle()
    await until('all are new', () => isRolledOut() && pods().length === 3)
    expect(daemons()).toEqual(['lab-node-1 web:2', 'lab-node-2 web:2', 'lab-node-3 web:2'])
  })

  test('with maxUnavailable 100% all go at once, and OnDelete leaves them', async () => {
    await start({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
    })
    cluster.kubelet.endsPods = false
    setImage('web:2')
    await until('all end', () => daemons().every((one) => one.endsWith('ending')))
    cluster.kubelet.endsPods = true
    cluster.kubelet.settle()
    await until('all are new', isRolledOut)
    cluster.store.change<DaemonSet>('daemonsets', 'default', 'agent', (draft) => {
      draft.spec.updateStrategy = { type: 'OnDelete' }
    })
    setImage('web:3')
    await until('it was seen', () => agent().status?.observedGeneration === 4)
    expect(daemons()).toEqual(['lab-node-1 web:2', 'lab-node-2 web:2', 'lab-node-3 web:2'])
  })
})

test('bounds that make no sense are refused in the words of Kubernetes', async () => {
  const path = '/apis/apps/v1/namespaces/default/daemonsets'
  const refusal = async (rollingUpdate: object) => {
    const { body } = await cluster.request(
      'POST',
      path,
      daemonSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate } }),
    )
    return body['message']
  }
  expect(await refusal({ maxSurge: 0, maxUnavailable: 0 })).toContain(
    'rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
  )
  expect(await refusal({ maxSurge: 1, maxUnavailable: 1 })).toContain(
    'rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
  )
})
