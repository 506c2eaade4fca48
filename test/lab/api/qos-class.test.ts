import { expect, test } from 'vitest'
import type { Container } from '../../../src/lab/api/kinds/pod.ts'
import { qosClassOf } from '../../../src/lab/api/qos-class.ts'

const container = (resources: Container['resources'] = {}): Container => ({
  name: 'web',
  image: 'web:1',
  resources,
})

test.each([
  ['BestEffort', [container(), container()]],
  ['Burstable', [container({ requests: { cpu: '100m' } })]],
  ['Burstable', [container({ limits: { cpu: 1, memory: '1Gi' } }), container()]],
  ['Burstable', [container({ requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Gi' } })]],
  ['Guaranteed', [container({ limits: { cpu: 1, memory: '1Gi' } })]],
  [
    'Guaranteed',
    [container({ requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: 1, memory: '1Gi' } })],
  ],
])('%s, by requests and limits of all containers', (qosClass, containers) => {
  expect(qosClassOf({ containers })).toBe(qosClass)
})
