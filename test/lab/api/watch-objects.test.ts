import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Pod } from '../../../src/lab/api/kinds/pod.ts'
import type { TestCluster } from './start-test-cluster.ts'
import type { WatchReader } from './watch-reader.ts'
import { pod } from '../controllers/manifests.ts'
import { until } from '../controllers/until.ts'
import { startTestCluster } from './start-test-cluster.ts'
import { openWatch } from './watch-reader.ts'

const PODS = '/api/v1/namespaces/default/pods'
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'

let cluster: TestCluster
const watches: WatchReader[] = []

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  for (const watch of watches.splice(0)) watch.close()
  await cluster.close()
})

async function watch(path: string, headers?: HeadersInit): Promise<WatchReader> {
  const reader = await openWatch(`${cluster.url}${path}`, headers)
  watches.push(reader)
  return reader
}

/** A kind without controllers, so that only the test writes. */
function createConfigMap(name: string, labels: Record<string, string> = {}): void {
  cluster.store.create('configmaps', pod(name, { labels }))
}

function relabel(name: string, labels: Record<string, string>): void {
  cluster.store.change('configmaps', 'default', name, (draft) => {
    draft.metadata.labels = labels
  })
}

const listVersion = async (): Promise<string> =>
  (await cluster.request('GET', CONFIG_MAPS)).body.metadata.resourceVersion

test('a watch from the version of a list misses nothing and repeats nothing', async () => {
  createConfigMap('before')
  const version = await listVersion()
  createConfigMap('between')
  const reader = await watch(`${CONFIG_MAPS}?watch=true&resourceVersion=${version}`)
  createConfigMap('after')
  relabel('after', { a: 'b' })
  cluster.store.remove('configmaps', 'default', 'between')
  await until('four events', () => reader.events.length === 4)
  expect(reader.summary()).toEqual([
    'ADDED between',
    'ADDED after',
    'MODIFIED after',
    'DELETED between',
  ])
})

test('a watch without a version begins with everything there is', async () => {
  createConfigMap('one')
  const reader = await watch(`${CONFIG_MAPS}?watch=true`)
  await until('the first event', () => reader.events.length > 0)
  expect(reader.summary()).toEqual(['ADDED one'])
})

test('headers come at once, before anything happens', async () => {
  const startedAtMs = performance.now()
  await watch(`${PODS}?watch=true&resourceVersion=${await listVersion()}`)
  expect(performance.now() - startedAtMs).toBeLessThan(1000)
})

test('leaving a selector is DELETED with the last state inside, entering it ADDED', async () => {
  createConfigMap('one', { app: 'web' })
  createConfigMap('other', { app: 'db' })
  const version = await listVersion()
  const query = `watch=true&resourceVersion=${version}&labelSelector=app%3Dweb`
  const reader = await watch(`${CONFIG_MAPS}?${query}`)
  relabel('one', { app: 'db' })
  relabel('other', { app: 'web' })
  await until('both', () => reader.events.length === 2)
  expect(reader.summary()).toEqual(['DELETED one', 'ADDED other'])
  const [left] = reader.events
  expect(left?.object.metadata.labels).toEqual({ app: 'web' })
  expect(Number(left?.object.metadata.resourceVersion)).toBeGreaterThan(Number(version))
})

test.each(['1000', '9000000000000000'])(
  'version %s, which the server does not know, gives an ERROR 410 and the end',
  async (version) => {
    const reader = await watch(`${PODS}?watch=true&resourceVersion=${version}`)
    await until('the end', () => reader.ended())
    expect(reader.events).toHaveLength(1)
    expect(reader.events[0]).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    })
  },
)

test('a watch ends cleanly after timeoutSeconds, with a bookmark for those who asked', async () => {
  const version = await listVersion()
  const startedAtMs = performance.now()
  const reader = await watch(
    `${CONFIG_MAPS}?watch=true&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=${version}`,
  )
  await until('the end', () => reader.ended())
  expect(performance.now() - startedAtMs).toBeGreaterThan(900)
  expect(reader.events).toHaveLength(1)
  expect(reader.events[0]).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap' } })
  expect(reader.events[0]?.object.metadata.resourceVersion).toMatch(/^\d{16}$/)
})

test('sendInitialEvents ends the first events with an annotated bookmark', async () => {
  createConfigMap('one')
  const query =
    'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
  const reader = await watch(`${CONFIG_MAPS}?${query}`)
  await until('the bookmark', () => reader.events.length === 2)
  expect(reader.events[1]).toMatchObject({
    type: 'BOOKMARK',
    object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
  })
})

test('a watch for tables carries one row an event', async () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
  createConfigMap('one')
  const reader = await watch(`${CONFIG_MAPS}?watch=true`, { accept })
  await until('the first event', () => reader.events.length === 1)
  expect(reader.events[0]).toMatchObject({
    type: 'ADDED',
    object: { kind: 'Table', rows: [{ cells: ['one', 0, '0s'] }] },
  })
})

test('the end of a pod is seen as MODIFIED with the future deletionTimestamp, terminal phase, DELETED', async () => {
  cluster.store.create('pods', pod('web'))
  const isReady = () => cluster.store.get<Pod>('pods', 'default', 'web')?.status.phase === 'Running'
  await until('the pod runs', isReady)
  const version = await listVersion()
  const reader = await watch(`${PODS}?watch=true&resourceVersion=${version}`)
  await cluster.request('DELETE', `${PODS}/web`)
  await until('the pod is gone', () => reader.events.at(-1)?.type === 'DELETED')
  const seen = reader.events.map(({ type, object }) => {
    const { phase } = object.status as Pod['status']
    return [type, phase, object.metadata.deletionGracePeriodSeconds].join(' ')
  })
  expect(seen).toEqual([
    'MODIFIED Running 30',
    'MODIFIED Succeeded 30',
    'MODIFIED Succeeded 0',
    'DELETED Succeeded 0',
  ])
})
