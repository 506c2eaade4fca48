import { describe, expect, it } from 'vitest'
import { addressKind } from '../../src/cluster/guard/address-kind.ts'
import type { Allowances, TargetFacts } from '../../src/cluster/guard/guard-facts.ts'
import { guardPlace } from '../../src/cluster/guard/guard-place.ts'
import { guardTarget } from '../../src/cluster/guard/guard-target.ts'
import { waysTo } from '../../src/cluster/guard/ways-to-workload.ts'
import type { StepAction } from '../../src/scenario/scenario.ts'

type PlaceRow = readonly [
  expected: 'ok' | 'refused' | 'refused-namespace',
  context: string,
  server: string,
  namespace: string,
  confirm?: string,
]

const LOCAL = 'https://10.0.0.1:6443'

const PLACES: readonly PlaceRow[] = [
  ['ok', 'staging', LOCAL, 'shop'],
  ['ok', 'kind-dev', 'https://127.0.0.1:6443', 'default'],
  ['ok', 'dev', 'https://[::1]:6443', 'shop'],
  ['ok', 'products', LOCAL, 'product-catalogue'],
  ['ok', 'delivery', LOCAL, 'livechat'],
  ['ok', 'reproduction', LOCAL, 'olive'],
  ['ok', 'dev', LOCAL, 'kubeflow'],
  ['refused-namespace', 'dev', LOCAL, 'kube-system'],
  ['refused-namespace', 'dev', LOCAL, 'kube-public'],
  ['refused-namespace', 'dev', LOCAL, 'kube-node-lease'],
  ['refused-namespace', 'dev', LOCAL, 'openshift-ingress'],
  ['refused-namespace', 'dev', LOCAL, 'istio-system'],
  ['refused-namespace', 'dev', LOCAL, 'ingress-nginx'],
  ['refused-namespace', 'dev', LOCAL, 'cert-manager'],
  // Confirming a context never opens the cluster's own namespaces.
  ['refused-namespace', 'prod', LOCAL, 'kube-system', 'prod'],
  ['refused', 'prod', LOCAL, 'shop'],
  ['refused', 'PROD', LOCAL, 'shop'],
  ['refused', 'eu-prod-1', LOCAL, 'shop'],
  ['refused', 'gke_acme_europe-west1_production', LOCAL, 'shop'],
  ['refused', 'arn:aws:eks:eu-west-1:1234:cluster/prd', LOCAL, 'shop'],
  ['refused', 'live', LOCAL, 'shop'],
  ['refused', 'admin@prod1', LOCAL, 'shop'],
  ['refused', 'dev', 'https://api.prod.example.com', 'shop'],
  ['refused', 'dev', 'https://production.example.com:6443', 'shop'],
  ['refused', 'dev', 'https://k8s-live.example.com', 'shop'],
  ['refused', 'dev', LOCAL, 'shop-prod'],
  ['refused', 'dev', LOCAL, 'production'],
  ['refused', 'dev', LOCAL, 'live'],
  ['ok', 'prod', LOCAL, 'shop', 'prod'],
  ['ok', 'dev', LOCAL, 'shop-prod', 'dev'],
  // The current context is not the one that was meant.
  ['refused', 'prod', LOCAL, 'shop', 'staging'],
  ['refused', 'staging', LOCAL, 'shop', 'prod'],
  ['refused', 'prod', LOCAL, 'shop', 'PROD'],
  ['refused', 'prod', LOCAL, 'shop', 'yes'],
  ['refused', 'prod', LOCAL, 'shop', ''],
]

describe('a place', () => {
  it.each(PLACES.map((row) => ({ row, name: row.join(', ') })))('is $name', ({ row }) => {
    const [expected, contextName, serverUrl, namespace, confirmedContext] = row
    const problem = guardPlace(
      { contextName, serverUrl, namespace },
      confirmedContext === undefined ? {} : { confirmedContext },
    )
    expect(problem?.code ?? 'ok').toBe(expected)
  })
})

const WAYS = waysTo(
  { app: 'web', tier: 'front' },
  {
    services: [
      {
        metadata: { name: 'web' },
        spec: {
          selector: { app: 'web' },
          clusterIP: '10.96.0.10',
          clusterIPs: ['10.96.0.10', 'fd00:10::a'],
          externalIPs: ['192.0.2.7'],
          ports: [{ port: 80, nodePort: 30080 }],
        },
        status: {
          loadBalancer: { ingress: [{ ip: '203.0.113.5' }, { hostname: 'lb.example.com' }] },
        },
      },
      {
        metadata: { name: 'api' },
        spec: { selector: { app: 'api' }, clusterIP: '10.96.0.20', ports: [{ port: 80 }] },
      },
      { metadata: { name: 'outside' }, spec: { clusterIP: 'None', ports: [{ port: 80 }] } },
    ],
    ingresses: [
      {
        spec: {
          rules: [
            {
              host: 'shop.example.com',
              http: { paths: [{ backend: { service: { name: 'web' } } }] },
            },
            {
              host: '*.shop.example.org',
              http: { paths: [{ backend: { service: { name: 'web' } } }] },
            },
            {
              host: 'api.example.com',
              http: { paths: [{ backend: { service: { name: 'api' } } }] },
            },
          ],
        },
        status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } },
      },
    ],
    nodes: [{ status: { addresses: [{ type: 'InternalIP', address: '172.18.0.2' }] } }],
  },
)

/** The name as the scenario has it, what it resolves to, the port, and whether it was found in the cluster. */
type AddressRow = readonly [
  expected: 'ok' | 'refused',
  name: string,
  ip: string,
  port?: number,
  allowed?: Allowances,
]

const external = { externalTarget: true }

const ADDRESSES: readonly AddressRow[] = [
  ['ok', '10.96.0.10', '10.96.0.10'],
  ['refused', '10.96.0.10', '10.96.0.10', 8080],
  ['ok', '[fd00:10::a]', 'fd00:10::a'],
  ['ok', '[fd00:10:0:0::a]', 'fd00:10:0:0:0:0:0:a'],
  ['ok', '[::ffff:10.96.0.10]', '::ffff:10.96.0.10'],
  ['ok', '[::ffff:a60:a]', '::ffff:a60:a'],
  ['refused', '[fd00:10::b]', 'fd00:10::b'],
  ['ok', '192.0.2.7', '192.0.2.7'],
  ['ok', '203.0.113.5', '203.0.113.5', 443],
  ['ok', 'lb.example.com', '198.51.100.1', 443],
  ['ok', '172.18.0.2', '172.18.0.2', 30080],
  ['refused', '172.18.0.2', '172.18.0.2', 30081],
  ['ok', 'shop.example.com', '203.0.113.9'],
  ['ok', 'SHOP.example.com.', '203.0.113.9'],
  ['ok', 'eu.shop.example.org', '203.0.113.9'],
  ['refused', 'a.b.shop.example.org', '203.0.113.9'],
  ['refused', 'shop.example.org', '203.0.113.9'],
  ['refused', 'shop.example.com.evil.net', '198.51.100.66'],
  // Another application behind the same Ingress controller.
  ['refused', 'api.example.com', '203.0.113.9'],
  ['refused', '203.0.113.9', '203.0.113.9'],
  ['refused', '10.96.0.20', '10.96.0.20'],
  ['refused', 'example.com', '93.184.216.34'],
  ['ok', 'example.com', '93.184.216.34', 80, external],
  ['refused', 'www.production.example.com', '93.184.216.34'],
  // A port-forward pins one pod; it is somebody's decision.
  ['refused', '127.0.0.1', '127.0.0.1', 8080],
  ['ok', '127.0.0.1', '127.0.0.1', 8080, external],
  ['refused', '[::1]', '::1', 8080],
  // Never, whatever is said: link-local and metadata, in every spelling and however a name resolves.
  ['refused', '169.254.169.254', '169.254.169.254', 80, external],
  ['refused', new URL('http://2852039166/').hostname, '169.254.169.254', 80, external],
  ['refused', new URL('http://0xA9FEA9FE/').hostname, '169.254.169.254', 80, external],
  ['refused', new URL('http://0251.0376.0251.0376/').hostname, '169.254.169.254', 80, external],
  ['refused', '[::ffff:169.254.169.254]', '::ffff:169.254.169.254', 80, external],
  ['refused', '[::ffff:a9fe:a9fe]', '::ffff:a9fe:a9fe', 80, external],
  ['refused', '[64:ff9b::a9fe:a9fe]', '64:ff9b::a9fe:a9fe', 80, external],
  ['refused', '[2002:a9fe:a9fe::1]', '2002:a9fe:a9fe::1', 80, external],
  ['refused', '[::169.254.169.254]', '::169.254.169.254', 80, external],
  ['refused', '[fd00:ec2::254]', 'fd00:ec2::254', 80, external],
  ['refused', '[fe80::1]', 'fe80::1%eth0', 80, external],
  ['refused', '100.100.100.200', '100.100.100.200', 80, external],
  ['refused', 'metadata.google.internal', '10.96.0.10', 80, external],
  ['refused', 'harmless.example.com', '169.254.169.254', 80, external],
  // Rebinding: the name is the Ingress's own, but what it resolved to, and is pinned to, is not.
  ['refused', 'shop.example.com', '169.254.169.254', 80],
  ['refused', '0.0.0.0', '0.0.0.0', 80, external],
  ['refused', '[::]', '::', 80, external],
  ['refused', '224.0.0.1', '224.0.0.1', 80, external],
  ['refused', '255.255.255.255', '255.255.255.255', 80, external],
]

const target = (facts: Partial<TargetFacts>): TargetFacts => ({
  workload: 'deployment/web',
  labels: {},
  annotations: {},
  autoscalers: [],
  steps: [],
  address: { name: '10.96.0.10', ip: '10.96.0.10', port: 80, isFound: true, ways: [] },
  ...facts,
})

const step = (action: StepAction) => [{ ...action, label: action.type, line: 1 }]

describe('an address', () => {
  it.each(
    ADDRESSES.map((row) => ({ row, title: `${row[0]}: ${row[1]}, ${row[2]}, ${row[3] ?? 80}` })),
  )('is $title', (one) => {
    const [expected, name, ip, port, allowed] = one.row
    const address = { name, ip, port: port ?? 80, isFound: false, ways: WAYS }
    const { refusal } = guardTarget(target({ address }), allowed ?? {})
    expect(refusal?.code ?? 'ok').toBe(expected)
  })

  it('that a Service itself gives is well, unless it is a metadata service', () => {
    const found = (ip: string) => ({ name: ip, ip, port: 80, isFound: true, ways: [] })
    expect(guardTarget(target({ address: found('127.96.0.1') }), {}).refusal).toBeUndefined()
    expect(guardTarget(target({ address: found('169.254.169.254') }), {}).refusal?.code).toBe(
      'refused',
    )
  })

  it.each([
    ['10.1.2.3', 'ordinary'],
    ['2001:db8::1', 'ordinary'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['169.254.1.1', 'link-local'],
    ['ff02::1', 'multicast'],
  ] as const)('%s is %s', (ip, kind) => {
    expect(addressKind(ip)).toBe(kind)
  })
})

type OwnerRow = readonly [
  expected: 'ok' | 'warned' | 'refused',
  what: string,
  facts: Partial<TargetFacts>,
  allowed?: Allowances,
]

const scale = step({ type: 'scale', replicas: 1 })
const restart = step({ type: 'restart' })
const kill = step({ type: 'delete-pods', pods: { unit: 'pods', count: 1 } })
const argo = { 'argocd.argoproj.io/instance': 'shop' }

const OWNERS: readonly OwnerRow[] = [
  ['ok', 'a restart of a StatefulSet', { steps: restart, updateStrategy: 'RollingUpdate' }],
  ['ok', 'a restart with the partition 0', { steps: restart, partition: 0 }],
  ['warned', 'a restart with a partition', { steps: restart, partition: 2 }],
  ['ok', 'a scale with a partition', { steps: scale, partition: 2 }],
  ['warned', 'a restart with OnDelete', { steps: restart, updateStrategy: 'OnDelete' }],
  ['ok', 'a delete of pods with OnDelete', { steps: kill, updateStrategy: 'OnDelete' }],
  ['ok', 'a scale without an autoscaler', { steps: scale }],
  ['refused', 'a scale of what an autoscaler owns', { steps: scale, autoscalers: ['web'] }],
  ['warned', 'the same, meant', { steps: scale, autoscalers: ['web'] }, { autoscaled: true }],
  ['warned', 'a restart of what an autoscaler owns', { steps: restart, autoscalers: ['web'] }],
  ['warned', 'a delete of its pods', { steps: kill, autoscalers: ['web'] }],
  ['warned', 'a scale, autoscalers cannot be listed', { steps: scale, autoscalers: undefined }],
  ['ok', 'a restart, autoscalers cannot be listed', { steps: restart, autoscalers: undefined }],
  [
    'refused',
    'a delete of the workload that an autoscaler owns',
    { steps: step({ type: 'delete-workload' }), autoscalers: ['web'] },
  ],
  ['refused', 'a scale of what Argo CD owns', { steps: scale, labels: argo }],
  [
    'refused',
    'a restart of what Argo CD tracks',
    { steps: restart, annotations: { 'argocd.argoproj.io/tracking-id': 'x' } },
  ],
  [
    'refused',
    'a patch of what Flux owns',
    {
      steps: step({ type: 'patch', podTemplate: {} }),
      labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' },
    },
  ],
  [
    'refused',
    'an undo of a Flux Helm release',
    { steps: step({ type: 'undo' }), labels: { 'helm.toolkit.fluxcd.io/name': 'web' } },
  ],
  ['warned', 'a delete of pods of what Argo CD owns', { steps: kill, labels: argo }],
  [
    'warned',
    'a scale of what Argo CD owns, meant',
    { steps: scale, labels: argo },
    { gitOps: true },
  ],
  [
    'ok',
    'a Helm label alone',
    { steps: scale, labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
  ],
]

describe('an owner', () => {
  it.each(OWNERS.map((row) => ({ row, title: `${row[0]}: ${row[1]}` })))('$title', ({ row }) => {
    const [expected, , facts, allowed = {}] = row
    const { refusal, warnings } = guardTarget(target(facts), allowed)
    const outcome = refusal ? 'refused' : warnings.length > 0 ? 'warned' : 'ok'
    expect(outcome).toBe(expected)
  })
})

it('the table has at least sixty rows', () => {
  expect(PLACES.length + ADDRESSES.length + OWNERS.length).toBeGreaterThanOrEqual(60)
})
