import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Job, JobSpec } from '../../../../src/lab/api/kinds/job.ts'
import type { Pod } from '../../../../src/lab/api/kinds/pod.ts'
import type { KubeObject } from '../../../../src/lab/api/store.ts'
import type { TestCluster } from '../../api/start-test-cluster.ts'
import { startTestCluster } from '../../api/start-test-cluster.ts'
import { named, podSpec } from '../manifests.ts'
import { until } from '../until.ts'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  await cluster.close()
})

const create = (spec: Partial<JobSpec> = {}) => {
  const template = { spec: { ...podSpec(), restartPolicy: 'Never' as const } }
  const object: KubeObject = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: named('agent'),
    spec: { template, ...spec },
  }
  const created = cluster.store.create<Job>('jobs', object)
  if (!created.ok) throw new Error(created.error.message)
}

const job = () => cluster.store.get<Job>('jobs', 'default', 'agent')

const condition = (type: string) =>
  job()?.status?.conditions?.find((one) => one.type === type && one.status === 'True')

const running = (): Pod[] =>
  cluster.store.list<Pod>('pods').filter(({ status }) => status.phase === 'Running')

function finish(pod: Pod | undefined, phase: 'Succeeded' | 'Failed'): void {
  cluster.store.change<Pod>('pods', 'default', pod?.metadata.name ?? '', (draft) => {
    draft.status.phase = phase
  })
}

test('runs `parallelism` pods at once until `completions` have succeeded', async () => {
  create({ parallelism: 2, completions: 3 })
  await until('two run', () => running().length === 2)
  finish(running()[0], 'Succeeded')
  await until('the third runs', () => cluster.store.list('pods').length === 3)
  await until('two run again', () => running().length === 2)
  expect(job()?.status).toMatchObject({ active: 2, succeeded: 1, failed: 0 })
  finish(running()[0], 'Succeeded')
  await until('two have succeeded', () => job()?.status?.succeeded === 2)
  expect(cluster.store.list('pods')).toHaveLength(3)
  finish(running()[0], 'Succeeded')
  await until('it is complete', () => condition('Complete') !== undefined)
  expect(job()?.status).toMatchObject({ active: 0, succeeded: 3 })
  expect(job()?.status?.completionTime).toMatch(/Z$/)
  expect(condition('SuccessCriteriaMet')?.reason).toBe('CompletionsReached')
})

test('too many failed pods fail the Job, and its other pods are deleted', async () => {
  create({ parallelism: 2, completions: 2, backoffLimit: 0 })
  await until('two run', () => running().length === 2)
  cluster.kubelet.endsPods = false
  finish(running()[0], 'Failed')
  await until('the decision', () => condition('FailureTarget') !== undefined)
  expect(condition('Failed')).toBeUndefined()
  expect(running().map(({ metadata }) => metadata.deletionTimestamp)).not.toContain(undefined)
  cluster.kubelet.endsPods = true
  cluster.kubelet.settle()
  await until('it has failed', () => condition('Failed') !== undefined)
  expect(condition('Failed')).toMatchObject({
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  })
})

test('its deadline ends it', async () => {
  create({ activeDeadlineSeconds: 1 })
  await until('it has failed', () => condition('Failed') !== undefined)
  expect(condition('Failed')?.reason).toBe('DeadlineExceeded')
})

test('a finished Job goes after its time to live, and its pods with it', async () => {
  create({ ttlSecondsAfterFinished: 0 })
  await until('it runs', () => running().length === 1)
  finish(running()[0], 'Succeeded')
  await until('all are gone', () => !job() && cluster.store.list('pods').length === 0)
})

test('an Indexed Job runs each index once, and its pods learn theirs', async () => {
  create({ completionMode: 'Indexed', completions: 3, parallelism: 3 })
  await until('three run', () => running().length === 3)
  const indexes = running().map(({ spec }) =>
    spec.containers[0]?.env?.find(({ name }) => name === 'JOB_COMPLETION_INDEX'),
  )
  expect(indexes.map((one) => one?.value)).toEqual(['0', '1', '2'])
  expect(running().map(({ spec }) => spec.hostname)).toEqual(['agent-0', 'agent-1', 'agent-2'])
  for (const pod of running()) finish(pod, 'Succeeded')
  await until('it is complete', () => condition('Complete') !== undefined)
  expect(job()?.status?.completedIndexes).toBe('0-2')
})

test('a suspended Job has no pods until it is resumed', async () => {
  create({ suspend: true })
  await until('it says so', () => condition('Suspended') !== undefined)
  expect(cluster.store.list('pods')).toEqual([])
  cluster.store.change<Job>('jobs', 'default', 'agent', (draft) => {
    draft.spec.suspend = false
  })
  await until('it runs', () => running().length === 1)
  expect(job()?.status?.startTime).toMatch(/Z$/)
})

test('refuses a template that always restarts', async () => {
  const answer = await cluster.request('POST', '/apis/batch/v1/namespaces/default/jobs', {
    metadata: { name: 'agent' },
    spec: { template: { spec: { ...podSpec(), restartPolicy: 'Always' } } },
  })
  expect(answer.code).toBe(422)
  expect(answer.body['message']).toContain('supported values: "OnFailure", "Never"')
})
