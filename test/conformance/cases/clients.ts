import type { ConformanceCase } from '../conformance-case.ts'
import { autoscaler, configMap } from '../objects.ts'
import {
  AUTOSCALING,
  CORE,
  JSON_PATCH,
  MERGE,
  STRATEGIC,
  TABLE,
  get,
  patch,
  post,
  prepare,
  remove,
} from '../requests.ts'

const AUTOSCALERS = `${AUTOSCALING}/horizontalpodautoscalers`
const MAPS = `${CORE}/configmaps`

/** What kubectl by hand leads to. */
export const clientCases: readonly ConformanceCase[] = [
  {
    title: 'a HorizontalPodAutoscaler gets its defaults, and its targets are unknown',
    steps: [
      post(AUTOSCALERS, autoscaler('scaler')),
      get(`${AUTOSCALERS}/scaler`),
      get(`${AUTOSCALERS}/scaler`, { accept: TABLE }),
      prepare(remove(`${AUTOSCALERS}/scaler`)),
    ],
  },
  {
    title: 'a patch that is no object is refused by what it is',
    steps: [
      prepare(post(MAPS, configMap('unpatched'))),
      ...[STRATEGIC, MERGE].flatMap((type) => [
        patch(`${MAPS}/unpatched`, type, '"nonsense"'),
        patch(`${MAPS}/unpatched`, type, '[]'),
        patch(`${MAPS}/unpatched`, type, '7'),
      ]),
      patch(`${MAPS}/unpatched`, JSON_PATCH, '"nonsense"'),
      patch(`${MAPS}/unpatched`, JSON_PATCH, '{}'),
      prepare(remove(`${MAPS}/unpatched`)),
    ],
  },
  {
    title: 'OpenAPI of a group that is not there is a page that is not there',
    steps: [get('/openapi/v3/apis/nowhere.example.com/v1')],
  },
]
