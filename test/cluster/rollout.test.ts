import { describe, expect, it } from 'vitest'
import { ClusterState } from '../../src/cluster/cluster-state.ts'
import { labelSelectorText } from '../../src/cluster/label-selector-text.ts'
import { isRolledOut, rolloutOf } from '../../src/cluster/rollout.ts'
import { ClusterWaiter } from '../../src/cluster/wait-for-state.ts'
import { ownPods } from '../../src/cluster/watch/own-pods.ts'
import { podFacts, type RawPod } from '../../src/cluster/watch/pod-facts.ts'
import { workloadChangeOf } from '../../src/cluster/watch/workload-change-of.ts'

const metadata = { name: 'db', uid: 'u', resourceVersion: '1', generation: 2 }

/** Rolled out, unless the test says otherwise. */
const statefulSet = (spec: object = {}, status: object = {}) =>
  rolloutOf(
    workloadChangeOf('statefulset', {
      metadata,
      spec: { replicas: 5, ...spec },
      status: {
        observedGeneration: 2,
        replicas: 5,
        updatedReplicas: 5,
        readyReplicas: 5,
        availableReplicas: 5,
        currentRevision: 'db-2',
        updateRevision: 'db-2',
        ...status,
      },
    } as never),
  )

const daemonSet = (spec: object = {}, status: object = {}) =>
  rolloutOf(
    workloadChangeOf('daemonset', {
      metadata,
      spec,
      status: {
        observedGeneration: 2,
        desiredNumberScheduled: 3,
        currentNumberScheduled: 3,
        numberMisscheduled: 0,
        updatedNumberScheduled: 3,
        numberReady: 3,
        numberAvailable: 3,
        ...status,
      },
    } as never),
  )

const partition = (ordinal: number) => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: ordinal } },
})
const onDelete = { updateStrategy: { type: 'OnDelete' } }
const open = { currentRevision: 'db-1' }

describe('a StatefulSet', () => {
  it.each([
    ['all is done', true, {}, {}],
    ['the controller has not seen the spec', false, {}, { observedGeneration: 1 }],
    ['a pod is of the old revision', false, {}, { updatedReplicas: 4 }],
    ['a pod is not available', false, {}, { availableReplicas: 4 }],
    ['there is one pod too many', false, { replicas: 4 }, { availableReplicas: 4 }],
    ['the rolling update is still open', false, {}, open],
    ['all above the partition are updated', true, partition(3), { ...open, updatedReplicas: 2 }],
    ['one above the partition is not', false, partition(3), { ...open, updatedReplicas: 1 }],
    ['the partition is above all', true, partition(9), { ...open, updatedReplicas: 0 }],
    ['OnDelete, and nobody deletes', true, onDelete, { ...open, updatedReplicas: 0 }],
    ['OnDelete, and a pod is missing', false, onDelete, { availableReplicas: 4, replicas: 4 }],
    [
      'it is scaled to 0',
      true,
      { replicas: 0 },
      { replicas: 0, updatedReplicas: 0, availableReplicas: 0 },
    ],
  ])('is rolled out or not when %s: %s', (_case, expected, spec, status) => {
    expect(isRolledOut(statefulSet(spec, status))).toBe(expected)
  })
})

describe('a DaemonSet', () => {
  it.each([
    ['all is done', true, {}, {}],
    ['the controller has not seen the spec', false, {}, { observedGeneration: 1 }],
    ['a node has the old pod', false, {}, { updatedNumberScheduled: 2 }],
    ['a pod is not available', false, {}, { numberAvailable: 2 }],
    ['a node has no pod', false, {}, { currentNumberScheduled: 2 }],
    ['OnDelete, and nobody deletes', true, onDelete, { updatedNumberScheduled: 0 }],
    ['no node fits', true, {}, zero()],
  ])('is rolled out or not when %s: %s', (_case, expected, spec, status) => {
    expect(isRolledOut(daemonSet(spec, status))).toBe(expected)
  })

  it('keeps pods on nodes that should have none any more', () => {
    expect(daemonSet({}, { numberMisscheduled: 1 })).toMatchObject({ wanted: 3, lasting: 4 })
  })
})

function zero() {
  return {
    desiredNumberScheduled: 0,
    currentNumberScheduled: 0,
    updatedNumberScheduled: 0,
    numberAvailable: 0,
  }
}

const pod = (name: string, owner: object | undefined, labels: Record<string, string> = {}) =>
  podFacts({
    metadata: {
      ...metadata,
      name,
      uid: `uid-${name}`,
      labels,
      ...(owner && { ownerReferences: [{ controller: true, ...owner }] }),
    },
    spec: { containers: [] },
  } as unknown as RawPod)

describe('the pods of a workload', () => {
  it('are told from others with the same labels by their owner', () => {
    const isOurs = ownPods({ kind: 'statefulset', name: 'db' })
    const told = (name: string, owner?: object) => isOurs({ type: 'pod', pod: pod(name, owner) })
    expect(told('db-0', { kind: 'StatefulSet', name: 'db' })).toBe(true)
    expect(told('cache-0', { kind: 'StatefulSet', name: 'cache' })).toBe(false)
    expect(told('db-x', { kind: 'ReplicaSet', name: 'db' })).toBe(false)
    expect(told('alone')).toBe(false)
    // It was ours, and has been orphaned.
    expect(told('db-0')).toBe(true)
  })

  it('name the revision that they are of, whatever the label is called', () => {
    const revision = (labels: Record<string, string>) => pod('p', undefined, labels).revision
    expect(revision({ 'controller-revision-hash': 'db-7d' })).toBe('db-7d')
    expect(revision({ 'pod-template-hash': '5d9c' })).toBe('5d9c')
    expect(revision({})).toBe(undefined)
  })
})

describe('a wait that is in vain', () => {
  const told = async (owner: object) => {
    const state = new ClusterState()
    state.apply({ type: 'pod', change: 'changed', atUs: 0, pod: pod('db-2', owner) })
    const signal = new AbortController().signal
    const waited = await new ClusterWaiter(state).waitFor('ready', 1, signal)
    return waited.ok ? '' : `${waited.error.message} (${waited.error.hint ?? ''})`
  }

  it('names the pod that a StatefulSet does not get past', async () => {
    expect(await told({ kind: 'StatefulSet', name: 'db' })).toMatch(
      /the workload is gone, 1 pods exist \(a StatefulSet waits for db-2 .* kubectl delete pod db-2\)/,
    )
  })

  it('sends elsewhere to the pods', async () => {
    expect(await told({ kind: 'DaemonSet', name: 'db' })).toContain('(see kubectl get pods')
  })
})

it('a selector is written as lists and watches take it', () => {
  const expressions = [
    { key: 'tier', operator: 'In', values: ['front', 'back'] },
    { key: 'stage', operator: 'NotIn', values: ['dev'] },
    { key: 'app', operator: 'Exists' },
    { key: 'canary', operator: 'DoesNotExist' },
  ]
  expect(labelSelectorText({ matchLabels: { app: 'web' }, matchExpressions: expressions })).toBe(
    'app=web,tier in (front,back),stage notin (dev),app,!canary',
  )
})
