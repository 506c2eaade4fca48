import type { ConformanceCase } from '../conformance-case.ts'
import { budget, configMap, pod } from '../objects.ts'
import { CORE, MERGE, POLICY, get, patch, post, prepare, remove } from '../requests.ts'

const PODS = `${CORE}/pods`
const MAPS = `${CORE}/configmaps`

/** Bound to a node that does not exist: deleted gracefully, and no kubelet ends it. */
const bound = (name: string) => pod(name, { nodeName: 'conformance-no-such-node' })

const running = (name: string) =>
  prepare(
    patch(`${PODS}/${name}/status`, MERGE, {
      status: {
        phase: 'Running',
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            lastProbeTime: null,
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      },
    }),
  )

const eviction = (name: string, more: object = {}) => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name, namespace: '{ns}' },
  ...more,
})

export const deleteCases: readonly ConformanceCase[] = [
  {
    title: 'a bound pod gets a deletion in the future, and a second DELETE may only shorten it',
    steps: [
      prepare(post(PODS, bound('grace'))),
      remove(`${PODS}/grace?gracePeriodSeconds=50`),
      remove(`${PODS}/grace?gracePeriodSeconds=60`),
      remove(`${PODS}/grace`, { gracePeriodSeconds: 20 }),
      remove(`${PODS}/grace`, { gracePeriodSeconds: 0 }),
      get(`${PODS}/grace`),
    ],
  },
  {
    title: 'an unbound pod goes at once',
    steps: [prepare(post(PODS, pod('unbound'))), remove(`${PODS}/unbound`), get(`${PODS}/unbound`)],
  },
  {
    title: 'preconditions of a DELETE must hold',
    steps: [
      prepare(post(MAPS, configMap('conditions'))),
      remove(`${MAPS}/conditions`, { preconditions: { uid: 'another' } }),
      remove(`${MAPS}/conditions`, { preconditions: { resourceVersion: '1' } }),
      remove(`${MAPS}/conditions`, { preconditions: { uid: '<0.metadata.uid>' } }),
    ],
  },
  {
    title: 'finalizers hold an object until they are gone',
    steps: [
      prepare(post(MAPS, configMap('held', {}, { finalizers: ['test.test/hold'] }))),
      remove(`${MAPS}/held`),
      get(`${MAPS}/held`),
      patch(`${MAPS}/held`, MERGE, {
        metadata: { finalizers: ['test.test/hold', 'test.test/more'] },
      }),
      patch(`${MAPS}/held`, MERGE, { metadata: { finalizers: null } }),
      get(`${MAPS}/held`),
    ],
  },
  {
    title: 'a collection is deleted by selector',
    steps: [
      prepare(post(MAPS, configMap('batch-a', {}, { labels: { batch: 'yes' } }))),
      prepare(post(MAPS, configMap('batch-b', {}, { labels: { batch: 'no' } }))),
      remove(`${MAPS}?labelSelector=batch%3Dyes`),
      get(`${MAPS}/batch-a`),
      get(`${MAPS}/batch-b`),
      remove(`${MAPS}/batch-b`),
    ],
  },
  {
    title: 'a wrong propagation policy is invalid',
    steps: [
      prepare(post(MAPS, configMap('policy'))),
      remove(`${MAPS}/policy`, { propagationPolicy: 'Sideways' }),
      remove(`${MAPS}/policy`, { orphanDependents: true, propagationPolicy: 'Orphan' }),
      remove(`${MAPS}/policy`, { propagationPolicy: 'Background' }),
    ],
  },
]

export const evictionCases: readonly ConformanceCase[] = [
  {
    title: 'an eviction without a budget deletes',
    steps: [
      prepare(post(PODS, bound('evict-free'))),
      post(`${PODS}/evict-free/eviction`, eviction('evict-free')),
      get(`${PODS}/evict-free`),
      remove(`${PODS}/evict-free`, { gracePeriodSeconds: 0 }),
      post(`${PODS}/evict-none/eviction`, eviction('evict-none')),
    ],
  },
  {
    title: 'an eviction against its budget is refused with 429',
    steps: [
      prepare(post(PODS, pod('evict-1', {}, { labels: { app: 'evict' } }))),
      running('evict-1'),
      prepare(post(`${POLICY}/poddisruptionbudgets`, budget('evict'))),
      get(`${POLICY}/poddisruptionbudgets/evict`, {
        until: { at: 'status.currentHealthy', is: 1 },
      }),
      post(`${PODS}/evict-1/eviction`, eviction('evict-1')),
      post(`${PODS}/evict-1/eviction`, eviction('evict-1', { deleteOptions: { dryRun: ['All'] } })),
      prepare(post(PODS, pod('evict-2', {}, { labels: { app: 'evict' } }))),
      running('evict-2'),
      prepare(
        get(`${POLICY}/poddisruptionbudgets/evict`, {
          until: { at: 'status.disruptionsAllowed', is: 1 },
        }),
      ),
      post(`${PODS}/evict-1/eviction`, eviction('evict-1', { deleteOptions: { dryRun: ['All'] } })),
      post(`${PODS}/evict-1/eviction`, eviction('evict-1')),
      get(`${PODS}/evict-1`),
      remove(`${PODS}/evict-2`),
      remove(`${POLICY}/poddisruptionbudgets/evict`),
    ],
  },
  {
    title: 'two budgets for one pod are an error',
    steps: [
      prepare(post(PODS, pod('twice', {}, { labels: { app: 'twice' } }))),
      running('twice'),
      prepare(post(`${POLICY}/poddisruptionbudgets`, budget('twice'))),
      prepare(
        post(`${POLICY}/poddisruptionbudgets`, {
          ...budget('twice'),
          metadata: { name: 'twice-2' },
        }),
      ),
      prepare(
        get(`${POLICY}/poddisruptionbudgets/twice-2`, {
          until: { at: 'status.expectedPods', is: 1 },
        }),
      ),
      post(`${PODS}/twice/eviction`, eviction('twice')),
      remove(`${PODS}/twice`),
      prepare(remove(`${POLICY}/poddisruptionbudgets`)),
    ],
  },
]
