import type { ConformanceCase } from '../conformance-case.ts'
import { budget, configMap, deployment, ingress, job, pod, service } from '../objects.ts'
import {
  APPS,
  BATCH,
  CORE,
  MERGE,
  NETWORKING,
  POLICY,
  TABLE,
  get,
  patch,
  post,
  prepare,
  remove,
} from '../requests.ts'

const MAPS = `${CORE}/configmaps`
const PODS = `${CORE}/pods`
const LIST = 'labelSelector=suite%3Dlist'

const SUSPENDED = { at: 'status.conditions.0.type', is: 'Suspended' }

const listed = (name: string, labels: object) =>
  prepare(post(MAPS, configMap(name, {}, { labels: { suite: 'list', ...labels } })))

const selectors = [
  'tier=web',
  'tier==web',
  'tier!=web',
  'tier in (web, db)',
  'tier notin (web)',
  'tier',
  '!tier',
  'weight>5',
  'weight<5',
  'tier=web,weight>5',
]

const tables = [
  [PODS, pod('table')],
  [MAPS, configMap('table', { a: '1' })],
  [`${CORE}/services`, service('table')],
  [`${APPS}/deployments`, deployment('table')],
  [`${NETWORKING}/ingresses`, ingress('table')],
  [`${POLICY}/poddisruptionbudgets`, budget('table')],
  [`${BATCH}/jobs`, job('table')],
] as const

export const listCases: readonly ConformanceCase[] = [
  {
    title: 'label selectors of each operator select',
    steps: [
      listed('list-a', { tier: 'web', weight: '9' }),
      listed('list-b', { tier: 'db', weight: '3' }),
      listed('list-c', {}),
      ...selectors.map((one) =>
        get(`${MAPS}?labelSelector=${encodeURIComponent(`suite=list,${one}`)}`),
      ),
      get(`${MAPS}?labelSelector=${encodeURIComponent('tier in web')}`),
      get(`${MAPS}?labelSelector=${encodeURIComponent('a b')}`),
      get(`${MAPS}?labelSelector=${encodeURIComponent('-x=1')}`),
    ],
  },
  {
    title: 'a list is paged with limit and continue',
    steps: [
      get(`${MAPS}?${LIST}&limit=2`),
      get(`${MAPS}?${LIST}&limit=2&continue=<0.metadata.continue>`),
      get(`${MAPS}?${LIST}&limit=10`),
      get(`${MAPS}?limit=2&continue=nonsense`),
      get(`${MAPS}?limit=x`),
    ],
  },
  {
    title: 'a list honours the resourceVersion it is asked for',
    steps: [
      prepare(get(`${MAPS}?${LIST}`)),
      get(`${MAPS}?${LIST}&resourceVersion=0`),
      get(`${MAPS}?${LIST}&resourceVersion=<0.metadata.resourceVersion>`),
      get(
        `${MAPS}?${LIST}&resourceVersion=<0.metadata.resourceVersion>&resourceVersionMatch=Exact`,
      ),
      get(`${MAPS}?${LIST}&resourceVersionMatch=Exact`),
      get(`${MAPS}?${LIST}&resourceVersion=0&resourceVersionMatch=Exact`),
      get(`${MAPS}?${LIST}&resourceVersion=1&resourceVersionMatch=Strange`),
      get(`${MAPS}?resourceVersion=abc`),
      prepare(remove(`${MAPS}?${LIST}`)),
    ],
  },
  {
    title: 'field selectors select by what the kind knows, and others are refused',
    steps: [
      prepare(post(PODS, pod('fields-a'))),
      prepare(post(PODS, pod('fields-b', { restartPolicy: 'Never' }))),
      get(`${PODS}?fieldSelector=metadata.name%3Dfields-a`),
      get(`${PODS}?fieldSelector=spec.restartPolicy%3DNever,status.phase%3DPending`),
      get(`${PODS}?fieldSelector=spec.nodeName%21%3D`),
      get(`${PODS}?fieldSelector=spec.hostname%3Dx`),
      get(`${MAPS}?fieldSelector=metadata.name%3Dx`),
      get(`${MAPS}?fieldSelector=data.x%3Dx`),
      get(`${APPS}/deployments?fieldSelector=status.replicas%3D1`),
      get(`${CORE}/events?fieldSelector=involvedObject.name%3Dnone,type%3DWarning`),
      get(`${CORE}/services?fieldSelector=spec.type%3DNodePort`),
      get(`${MAPS}?fieldSelector=nonsense`),
      prepare(remove(PODS, { gracePeriodSeconds: 0 })),
    ],
  },
  ...tables.map(([path, object]): ConformanceCase => ({
    title: `${path.split('/').at(-1) ?? ''} are shown as a Table`,
    steps: [
      prepare(post(path, object)),
      // Its controller says so a moment later.
      ...(path.endsWith('/jobs') ? [prepare(get(`${path}/table`, { until: SUSPENDED }))] : []),
      get(`${path}/table`, { accept: TABLE }),
      get(`${path}?fieldSelector=metadata.name%3Dtable&includeObject=None`, { accept: TABLE }),
      prepare(remove(`${path}/table`)),
    ],
  })),
  {
    title: 'metadata alone is given to those who ask',
    steps: [
      prepare(post(MAPS, configMap('partial', { a: '1' }, { labels: { suite: 'partial' } }))),
      get(`${MAPS}/partial`, {
        accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      }),
      get(`${MAPS}?labelSelector=suite%3Dpartial`, {
        accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
      }),
      prepare(remove(`${MAPS}/partial`)),
    ],
  },
]

const WATCHED = 'watch=true&labelSelector=suite%3Dwatch'

const watched = (name: string, labels: object = {}) =>
  post(MAPS, configMap(name, {}, { labels: { suite: 'watch', ...labels } }))

export const watchCases: readonly ConformanceCase[] = [
  {
    title: 'a watch from a version tells each change, and what leaves a selector as deleted',
    steps: [
      prepare(get(`${MAPS}?labelSelector=suite%3Dwatch`)),
      prepare(watched('watch-a')),
      prepare(patch(`${MAPS}/watch-a`, MERGE, { data: { a: '1' } })),
      prepare(patch(`${MAPS}/watch-a`, MERGE, { metadata: { labels: { suite: 'gone' } } })),
      prepare(watched('watch-b')),
      prepare(remove(`${MAPS}/watch-b`)),
      get(`${MAPS}?${WATCHED}&resourceVersion=<0.metadata.resourceVersion>`, { events: 5 }),
      prepare(remove(`${MAPS}/watch-a`)),
    ],
  },
  {
    title: 'a watch without a version begins with what there is',
    steps: [
      prepare(watched('watch-c')),
      get(`${MAPS}?${WATCHED}`, { events: 1 }),
      get(`${MAPS}?${WATCHED}&resourceVersion=0`, { events: 1 }),
      get(`${MAPS}?${WATCHED}&fieldSelector=metadata.name%3Dwatch-c`, { events: 1, accept: TABLE }),
    ],
  },
  {
    title: 'a streamed list ends with a bookmark',
    steps: [
      get(
        `${MAPS}?${WATCHED}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
        { events: 2 },
      ),
      get(`${MAPS}?${WATCHED}&sendInitialEvents=true`, { events: 2 }),
      get(`${MAPS}?${WATCHED}&resourceVersionMatch=NotOlderThan`, { events: 1 }),
      prepare(remove(`${MAPS}/watch-c`)),
    ],
  },
  {
    title: 'a watch with a version that is none is refused, and one ends at its timeout',
    steps: [
      get(`${MAPS}?${WATCHED}&resourceVersion=abc`, { events: 1 }),
      get(`${MAPS}?${WATCHED}&timeoutSeconds=1`, { events: 1 }),
    ],
  },
]
