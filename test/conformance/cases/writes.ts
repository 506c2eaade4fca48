import type { ConformanceCase } from '../conformance-case.ts'
import { configMap, container, deployment, pod, service } from '../objects.ts'
import {
  APPLY,
  APPS,
  CORE,
  JSON_PATCH,
  MERGE,
  STRATEGIC,
  get,
  patch,
  post,
  prepare,
  put,
  remove,
} from '../requests.ts'

const MAPS = `${CORE}/configmaps`
const DEPLOYMENTS = `${APPS}/deployments`

export const patchCases: readonly ConformanceCase[] = [
  {
    title: 'a merge patch adds, replaces and deletes members',
    steps: [
      prepare(post(MAPS, configMap('merge', { a: '1', b: '2' }))),
      patch(`${MAPS}/merge`, MERGE, { data: { a: null, b: '3', c: '4' } }),
      patch(`${MAPS}/merge`, MERGE, { metadata: { resourceVersion: '1' } }),
      patch(`${MAPS}/merge`, MERGE, { metadata: { name: 'other' } }),
      patch(`${MAPS}/merge`, MERGE, []),
      patch(`${MAPS}/none`, MERGE, {}),
      patch(`${MAPS}/merge`, 'application/strange', {}),
      remove(`${MAPS}/merge`),
    ],
  },
  {
    title: 'a JSON patch tests, adds, replaces, moves and removes',
    steps: [
      prepare(post(MAPS, configMap('json', { a: '1' }))),
      patch(`${MAPS}/json`, JSON_PATCH, [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'add', path: '/data/b', value: '2' },
        { op: 'move', from: '/data/a', path: '/data/c' },
      ]),
      patch(`${MAPS}/json`, JSON_PATCH, [{ op: 'test', path: '/data/b', value: '9' }]),
      patch(`${MAPS}/json`, JSON_PATCH, [{ op: 'remove', path: '/data/none' }]),
      patch(`${MAPS}/json`, JSON_PATCH, { op: 'remove', path: '/data/b' }),
      remove(`${MAPS}/json`),
    ],
  },
  {
    title: 'a strategic merge patch merges containers, env and ports by their keys',
    steps: [
      prepare(
        post(
          DEPLOYMENTS,
          deployment(
            'smp',
            {},
            {
              containers: [
                container({ env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] }),
                container({ name: 'side' }),
              ],
            },
          ),
        ),
      ),
      patch(`${DEPLOYMENTS}/smp`, STRATEGIC, {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'app',
                  image: 'example.test/app:2',
                  env: [{ name: 'B', value: '2' }],
                  ports: [{ containerPort: 81, name: 'other' }],
                },
              ],
            },
          },
        },
      }),
      patch(`${DEPLOYMENTS}/smp`, STRATEGIC, {
        spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } },
      }),
      patch(`${DEPLOYMENTS}/smp`, STRATEGIC, {
        spec: {
          template: {
            spec: {
              $setElementOrder: undefined,
              '$setElementOrder/containers': [{ name: 'new' }, { name: 'app' }],
              containers: [{ name: 'new', image: 'example.test/new:1' }],
            },
          },
        },
      }),
      patch(`${DEPLOYMENTS}/smp`, STRATEGIC, {
        spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      }),
      remove(`${DEPLOYMENTS}/smp`),
    ],
  },
  {
    title: 'strategic directives replace maps and lists',
    steps: [
      prepare(
        post(
          MAPS,
          configMap(
            'directive',
            { a: '1' },
            { labels: { x: '1', y: '2' }, finalizers: ['t.test/a', 't.test/b'] },
          ),
        ),
      ),
      patch(`${MAPS}/directive`, STRATEGIC, { data: { $patch: 'replace', z: '9' } }),
      patch(`${MAPS}/directive`, STRATEGIC, { metadata: { labels: { $patch: 'delete' } } }),
      patch(`${MAPS}/directive`, STRATEGIC, {
        metadata: { '$deleteFromPrimitiveList/finalizers': ['t.test/a'] },
      }),
      patch(`${MAPS}/directive`, STRATEGIC, { metadata: { finalizers: ['t.test/c'] } }),
      patch(`${MAPS}/directive`, MERGE, { metadata: { finalizers: null } }),
      remove(`${MAPS}/directive`),
    ],
  },
  {
    title: 'a strategic patch of a Service merges ports by port',
    steps: [
      prepare(post(`${CORE}/services`, service('ports', { ports: [{ name: 'a', port: 80 }] }))),
      patch(`${CORE}/services/ports`, STRATEGIC, {
        spec: { ports: [{ name: 'b', port: 81, targetPort: 'web' }] },
      }),
      patch(`${CORE}/services/ports`, STRATEGIC, {
        spec: { ports: [{ port: 80, $patch: 'delete' }] },
      }),
      remove(`${CORE}/services/ports`),
    ],
  },
  {
    title: 'server-side apply creates with 201, changes with 200 and needs a field manager',
    steps: [
      patch(`${MAPS}/apply?fieldManager=test`, APPLY, configMap('apply', { a: '1' })),
      patch(`${MAPS}/apply?fieldManager=test&force=true`, APPLY, configMap('apply', { a: '2' })),
      patch(`${MAPS}/apply`, APPLY, configMap('apply', { a: '3' })),
      patch(`${MAPS}/apply?fieldManager=test&dryRun=All`, APPLY, configMap('apply', { a: '4' })),
      patch(`${MAPS}/dry?fieldManager=test&dryRun=All`, APPLY, configMap('dry', { a: '4' })),
      get(`${MAPS}/dry`),
      remove(`${MAPS}/apply`),
    ],
  },
]

export const dryRunCases: readonly ConformanceCase[] = [
  {
    title: 'dryRun=All answers as if, and writes nothing',
    steps: [
      post(`${MAPS}?dryRun=All`, configMap('dry', { a: '1' })),
      get(`${MAPS}/dry`),
      prepare(post(MAPS, configMap('dry2', { a: '1' }))),
      patch(`${MAPS}/dry2?dryRun=All`, MERGE, { data: { a: '2' } }),
      put(`${MAPS}/dry2?dryRun=All`, configMap('dry2', { a: '3' })),
      remove(`${MAPS}/dry2?dryRun=All`),
      get(`${MAPS}/dry2`),
      post(`${MAPS}?dryRun=Some`, configMap('dry3')),
      remove(`${MAPS}/dry2`),
    ],
  },
  {
    title: 'dryRun=All of a Deployment and its scale shows generation and defaults',
    steps: [
      post(`${DEPLOYMENTS}?dryRun=All`, deployment('dry')),
      prepare(post(DEPLOYMENTS, deployment('dry2'))),
      patch(`${DEPLOYMENTS}/dry2?dryRun=All`, MERGE, { spec: { replicas: 0, minReadySeconds: 5 } }),
      patch(`${DEPLOYMENTS}/dry2/scale?dryRun=All`, MERGE, { spec: { replicas: 3 } }),
      get(`${DEPLOYMENTS}/dry2/scale`),
      remove(`${DEPLOYMENTS}/dry2`),
    ],
  },
]

export const scaleCases: readonly ConformanceCase[] = [
  {
    title: 'the scale subresource is read, put and patched',
    steps: [
      prepare(post(DEPLOYMENTS, deployment('scale'))),
      get(`${DEPLOYMENTS}/scale/scale`),
      patch(`${DEPLOYMENTS}/scale/scale`, MERGE, { spec: { replicas: 0 } }),
      put(
        `${DEPLOYMENTS}/scale/scale`,
        {
          kind: 'Scale',
          apiVersion: 'autoscaling/v1',
          metadata: { name: 'scale', namespace: '{ns}' },
          spec: { replicas: 0 },
        },
        { contentType: '' },
      ),
      put(`${DEPLOYMENTS}/scale/scale`, {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'scale', namespace: '{ns}', resourceVersion: '1' },
        spec: { replicas: 0 },
      }),
      patch(`${DEPLOYMENTS}/scale/scale`, MERGE, { spec: { replicas: -1 } }),
      get(`${DEPLOYMENTS}/none/scale`),
      remove(`${DEPLOYMENTS}/scale`),
    ],
  },
  {
    title: 'status changes only through /status',
    steps: [
      prepare(post(`${CORE}/pods`, pod('status'))),
      patch(`${CORE}/pods/status`, MERGE, { status: { reason: 'NotSo' } }),
      patch(`${CORE}/pods/status/status`, MERGE, {
        status: { reason: 'So' },
        metadata: { labels: { not: 'so' } },
        spec: { nodeName: 'not-so' },
      }),
      patch(`${CORE}/pods/status/status`, STRATEGIC, {
        status: {
          conditions: [
            {
              type: 'Test',
              status: 'True',
              lastProbeTime: null,
              lastTransitionTime: '2026-01-01T00:00:00Z',
            },
          ],
        },
      }),
      get(`${CORE}/pods/status/status`),
      remove(`${CORE}/pods/status`),
    ],
  },
]
