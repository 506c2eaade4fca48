import type { ConformanceCase } from '../conformance-case.ts'
import { budget, configMap, deployment, ingress, job, pod, service } from '../objects.ts'
import {
  APPS,
  BATCH,
  CORE,
  NETWORKING,
  POLICY,
  get,
  patch,
  post,
  prepare,
  put,
  remove,
  MERGE,
} from '../requests.ts'

const kinds = [
  ['ConfigMap', `${CORE}/configmaps`, configMap('crud', { a: '1' })],
  ['Pod', `${CORE}/pods`, pod('crud')],
  ['Service', `${CORE}/services`, service('crud')],
  ['Deployment', `${APPS}/deployments`, deployment('crud')],
  ['Ingress', `${NETWORKING}/ingresses`, ingress('crud')],
  ['PodDisruptionBudget', `${POLICY}/poddisruptionbudgets`, budget('crud')],
  ['Job', `${BATCH}/jobs`, job('crud')],
  [
    'ServiceAccount',
    `${CORE}/serviceaccounts`,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'crud' } },
  ],
] as const

const crud = kinds.map(([kind, path, object]): ConformanceCase => ({
  title: `${kind} objects are created, found once, labelled and deleted`,
  steps: [
    post(path, object),
    post(path, object),
    get(`${path}/crud`),
    patch(`${path}/crud`, MERGE, { metadata: { labels: { tier: 'web' } } }),
    remove(`${path}/crud?propagationPolicy=Background`),
    get(`${path}/crud-none`),
  ],
}))

export const crudCases: readonly ConformanceCase[] = [
  ...crud,
  {
    title: 'a name is generated from generateName',
    steps: [
      post(`${CORE}/configmaps`, { metadata: { generateName: 'made-' } }),
      remove(`${CORE}/configmaps/<0.metadata.name>`),
    ],
  },
  {
    title: 'a PUT with a stale resourceVersion is a conflict, one without writes anyway',
    steps: [
      prepare(post(`${CORE}/configmaps`, configMap('put', { a: '1' }))),
      put(`${CORE}/configmaps/put`, configMap('put', { a: '2' }, { resourceVersion: '1' })),
      put(`${CORE}/configmaps/put`, configMap('put', { a: '3' })),
      put(
        `${CORE}/configmaps/put`,
        configMap('put', { a: '4' }, { resourceVersion: '<2.metadata.resourceVersion>' }),
      ),
      put(`${CORE}/configmaps/put`, configMap('other')),
      put(`${CORE}/configmaps/put`, configMap('put', {}, { uid: 'another' })),
      remove(`${CORE}/configmaps/put`),
    ],
  },
  {
    title: 'a PUT to nothing is not found',
    steps: [put(`${CORE}/configmaps/none`, configMap('none'))],
  },
  {
    title: 'a wrong kind, namespace or group is refused',
    steps: [
      post(`${CORE}/configmaps`, pod('wrong')),
      post(`${CORE}/configmaps`, configMap('wrong', {}, { namespace: 'elsewhere' })),
      post('/api/v1/namespaces/not-there/configmaps', configMap('wrong')),
      post(`${APPS}/deployments`, { ...deployment('wrong'), apiVersion: 'apps/v1beta1' }),
    ],
  },
  {
    title: 'what is not there is a 404 Status',
    steps: [
      get('/apis/none.test/v1/things'),
      get(`${CORE}/things`),
      get(`${CORE}/pods/none`),
      get(`${CORE}/pods/none/log`),
      get('/nowhere'),
    ],
  },
  {
    title: 'a method that a resource has not is 405',
    steps: [
      { method: 'PUT', path: `${CORE}/configmaps`, body: configMap('x') },
      { method: 'POST', path: `${CORE}/configmaps/x`, body: configMap('x') },
    ],
  },
  {
    title: 'a body that is no JSON, or no object, is a bad request',
    steps: [
      post(`${CORE}/configmaps`, '{"kind":'),
      post(`${CORE}/configmaps`, '[]'),
      post(`${CORE}/configmaps`, ''),
      post(`${CORE}/configmaps`, '{}', { contentType: 'text/html' }),
    ],
  },
  {
    title: 'YAML bodies are read',
    steps: [
      post(`${CORE}/configmaps`, 'kind: ConfigMap\nmetadata: {name: yaml}\ndata: {a: "1"}\n', {
        contentType: 'application/yaml',
      }),
      remove(`${CORE}/configmaps/yaml`),
    ],
  },
  {
    title: 'a namespace is created with its label and deleted in two steps',
    steps: [
      post('/api/v1/namespaces', { metadata: { name: '{ns}-two' } }),
      remove('/api/v1/namespaces/{ns}-two'),
      remove('/api/v1/namespaces/default'),
    ],
  },
]
