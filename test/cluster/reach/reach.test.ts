import { describe, expect, it } from 'vitest'
import { gatewayAddress } from '../../../src/cluster/reach/gateway-address.ts'
import type {
  RawGateway,
  RawHttpRoute,
  RawListener,
  RawParentRef,
} from '../../../src/cluster/reach/gateway-objects.ts'
import { ingressAddress, type RawIngress } from '../../../src/cluster/reach/ingress-address.ts'
import { nodesOfPods } from '../../../src/cluster/reach/nodes-of-pods.ts'
import {
  needsNode,
  type RawNode,
  type RawService,
  serviceAddress,
} from '../../../src/cluster/reach/service-address.ts'

interface Expected {
  /** `HOST:PORT`, then the Host header, then `tls NAME`; or part of the refusal. */
  readonly way?: string
  readonly refused?: string | RegExp
  readonly warned?: string
}

type Outcome = ReturnType<typeof serviceAddress>

function check(outcome: Outcome, { way, refused, warned }: Expected): void {
  if (refused !== undefined) {
    expect(outcome.ok ? outcome.value : outcome.error.message).toMatch(refused)
    expect(outcome).toMatchObject({ error: { code: 'no-address' } })
    // Whoever is refused is told what to do.
    expect(outcome.ok ? '' : outcome.error.hint).toMatch(/\w{3}/)
    return
  }
  if (!outcome.ok) throw new Error(outcome.error.message)
  const { host, port, hostHeader, serverName, warnings = [], whenUnreachable } = outcome.value
  const words = [
    `${host}:${port}`,
    hostHeader,
    serverName === undefined ? undefined : `tls ${serverName}`,
  ]
  expect(words.filter((word) => word !== undefined).join(' ')).toBe(way)
  expect(warnings.join()).toMatch(warned ?? /^$/)
  expect(whenUnreachable.length).toBeGreaterThan(20)
  // To hold on to one pod is no way to measure a rollout.
  expect(whenUnreachable).not.toMatch(/use kubectl port-forward|try kubectl port-forward/)
}

const node = (address: string, ready: 'True' | 'False', type = 'InternalIP'): RawNode => ({
  status: { addresses: [{ type, address }], conditions: [{ type: 'Ready', status: ready }] },
})
const NODES = [node('10.0.0.1', 'False'), node('10.0.0.2', 'True')]

const service = (spec: RawService['spec'], balanced?: object): RawService => ({
  spec: { clusterIP: '10.96.0.7', ports: [{ name: 'http', port: 80 }], ...spec },
  ...(balanced && { status: { loadBalancer: { ingress: [balanced] } } }),
})

describe('the way to a Service', () => {
  const NODE_PORT = { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] }
  const TWO = {
    ports: [
      { name: 'admin', port: 9000 },
      { name: 'http', port: 80 },
    ],
  }
  it.each<[string, RawService, string | undefined, readonly RawNode[], Expected]>([
    ['ClusterIP', service({}), undefined, [], { way: '10.96.0.7:80' }],
    ['IPv6 ClusterIP', service({ clusterIP: 'fd00::7' }), undefined, [], { way: 'fd00::7:80' }],
    [
      'a load balancer with an IP',
      service({ type: 'LoadBalancer' }, { ip: '203.0.113.9' }),
      undefined,
      [],
      { way: '203.0.113.9:80' },
    ],
    [
      'a load balancer with a name',
      service({ type: 'LoadBalancer' }, { hostname: 'lb.test' }),
      undefined,
      [],
      { way: 'lb.test:80' },
    ],
    [
      'a load balancer with a port of its own',
      service({}, { ip: '203.0.113.9', ports: [{ port: 8080 }] }),
      undefined,
      [],
      { way: '203.0.113.9:8080' },
    ],
    [
      'a load balancer before the node port',
      service(NODE_PORT, { ip: '203.0.113.9' }),
      undefined,
      NODES,
      { way: '203.0.113.9:80' },
    ],
    [
      'a pending load balancer with a node port',
      service({ ...NODE_PORT, type: 'LoadBalancer' }),
      undefined,
      NODES,
      { way: '10.0.0.2:30080' },
    ],
    [
      'NodePort, at a node that is ready',
      service(NODE_PORT),
      undefined,
      NODES,
      { way: '10.0.0.2:30080' },
    ],
    [
      'NodePort, no node said to be ready',
      service(NODE_PORT),
      undefined,
      [node('10.0.0.1', 'False')],
      { way: '10.0.0.1:30080' },
    ],
    [
      'NodePort without a node',
      service(NODE_PORT),
      undefined,
      [],
      { refused: 'no node has an InternalIP' },
    ],
    [
      'NodePort, nodes with outer addresses alone',
      service(NODE_PORT),
      undefined,
      [node('203.0.113.1', 'True', 'ExternalIP')],
      { refused: 'no node has an InternalIP' },
    ],
    [
      'NodePort of local traffic',
      service({ ...NODE_PORT, externalTrafficPolicy: 'Local' }),
      undefined,
      NODES,
      { way: '10.0.0.2:30080', warned: 'externalTrafficPolicy Local' },
    ],
    ['the first port', service(TWO), undefined, [], { way: '10.96.0.7:9000' }],
    ['a port by its name', service(TWO), 'http', [], { way: '10.96.0.7:80' }],
    ['a port by its number', service(TWO), '80', [], { way: '10.96.0.7:80' }],
    [
      'a port that is not there',
      service(TWO),
      '8443',
      [],
      { refused: 'has no port 8443; there are admin, http' },
    ],
    [
      'UDP alone',
      service({ ports: [{ port: 53, protocol: 'UDP' }] }),
      undefined,
      [],
      { refused: 'has no port' },
    ],
    ['no port', service({ ports: [] }), undefined, [], { refused: 'has no port' }],
    [
      'headless',
      service({ clusterIP: 'None' }),
      undefined,
      [],
      { refused: 'neither a load balancer' },
    ],
    [
      'ExternalName',
      service({ type: 'ExternalName', externalName: 'api.example.com' }),
      undefined,
      [],
      { refused: /ExternalName: it stands for api\.example\.com/ },
    ],
  ])('%s', (_title, raw, port, nodes, expected) => {
    check(serviceAddress(raw, 'web', port, nodes), expected)
  })

  it('is told by pods of their nodes where nodes may not be listed', () => {
    const pod = (hostIP: string | undefined, ready: string) => ({
      status: { ...(hostIP && { hostIP }), conditions: [{ type: 'Ready', status: ready }] },
    })
    const nodes = nodesOfPods([
      {},
      pod(undefined, 'False'),
      pod('10.0.0.3', 'False'),
      pod('10.0.0.4', 'True'),
    ])
    check(serviceAddress(service(NODE_PORT), 'web', undefined, nodes), { way: '10.0.0.4:30080' })
    const none = serviceAddress(service(NODE_PORT), 'web', undefined, nodesOfPods([{}]))
    check(none, { refused: 'no node has an InternalIP' })
  })

  it('asks for nodes only where a node port is the way', () => {
    expect(needsNode(service(NODE_PORT), undefined)).toBe(true)
    expect(needsNode(service({}), undefined)).toBe(false)
    expect(needsNode(service(NODE_PORT, { ip: '203.0.113.9' }), undefined)).toBe(false)
  })

  it('says of a cluster IP that does not answer what would, and that port-forward would not', () => {
    const reached = serviceAddress(service({}), 'web')
    expect(reached.ok && reached.value.whenUnreachable).toMatch(
      /known only within the cluster.*NodePort or LoadBalancer.*Ingress or an HTTPRoute.*port-forward is no way/,
    )
  })
})

const AT = { ip: '203.0.113.9' }
const to = (...names: string[]) => ({
  http: { paths: names.map((name) => ({ backend: { service: { name } } })) },
})
const ingress = (spec: RawIngress['spec'], balanced: object | null = AT): RawIngress => ({
  spec,
  ...(balanced && { status: { loadBalancer: { ingress: [balanced] } } }),
})

describe('the way through an Ingress', () => {
  const OWN = new Set(['web'])
  it.each<[string, RawIngress, ReadonlySet<string> | undefined, Expected]>([
    ['no host', ingress({ rules: [to('web')] }), undefined, { way: '203.0.113.9:80' }],
    [
      'a host',
      ingress({ rules: [{ host: 'shop.test', ...to('web') }] }),
      undefined,
      { way: '203.0.113.9:80 shop.test' },
    ],
    [
      'a wildcard',
      ingress({ rules: [{ host: '*.shop.test', ...to('web') }] }),
      undefined,
      { way: '203.0.113.9:80 podtank.shop.test' },
    ],
    [
      'the host of the workload, not the first',
      ingress({
        rules: [
          { host: 'api.test', ...to('api') },
          { host: 'shop.test', ...to('web') },
        ],
      }),
      OWN,
      { way: '203.0.113.9:80 shop.test' },
    ],
    [
      'a default backend',
      ingress({ defaultBackend: { service: { name: 'web' } } }),
      OWN,
      { way: '203.0.113.9:80' },
    ],
    [
      'another workload’s',
      ingress({ rules: [{ host: 'api.test', ...to('api', 'old') }] }),
      OWN,
      { refused: 'routes to api, old, and no pod of the workload is behind that' },
    ],
    ['no backend', ingress({ rules: [] }), undefined, { refused: 'routes to no Service' }],
    [
      'no address, class named',
      ingress({ ingressClassName: 'nginx', rules: [to('web')] }, null),
      undefined,
      { refused: 'its controller of class nginx has published none' },
    ],
    [
      'a name as the address',
      ingress({ rules: [to('web')] }, { hostname: 'lb.test' }),
      undefined,
      { way: 'lb.test:80' },
    ],
    [
      'a published port',
      ingress({ rules: [to('web')] }, { ...AT, ports: [{ port: 8080 }] }),
      undefined,
      { way: '203.0.113.9:8080' },
    ],
    [
      'TLS of the host',
      ingress({ tls: [{ hosts: ['shop.test'] }], rules: [{ host: 'shop.test', ...to('web') }] }),
      undefined,
      { way: '203.0.113.9:443 shop.test tls shop.test' },
    ],
    [
      'TLS of all hosts',
      ingress({ tls: [{}], rules: [{ host: 'shop.test', ...to('web') }] }),
      undefined,
      { way: '203.0.113.9:443 shop.test tls shop.test' },
    ],
    [
      'TLS of another host',
      ingress({ tls: [{ hosts: ['api.test'] }], rules: [{ host: 'shop.test', ...to('web') }] }),
      undefined,
      { way: '203.0.113.9:80 shop.test' },
    ],
    [
      'TLS, but a controller with a plain port alone',
      ingress({ tls: [{}], rules: [to('web')] }, { ...AT, ports: [{ port: 80 }] }),
      undefined,
      { way: '203.0.113.9:80' },
    ],
  ])('%s', (_title, raw, own, expected) => {
    check(ingressAddress(raw, 'web', own), expected)
  })
})

const listener = (more: Partial<RawListener> = {}): RawListener => ({
  name: 'http',
  port: 80,
  protocol: 'HTTP',
  ...more,
})
const gateway = (listeners: readonly RawListener[], status?: RawGateway['status']): RawGateway => ({
  metadata: { name: 'edge', namespace: 'shop' },
  spec: { gatewayClassName: 'envoy', listeners },
  status: status ?? { addresses: [{ type: 'IPAddress', value: '203.0.113.9' }] },
})
const route = (
  more: {
    readonly hostnames?: readonly string[]
    readonly parent?: Partial<RawParentRef>
    readonly namespace?: string
    readonly backends?: readonly object[]
    readonly accepted?: readonly [string, string]
  } = {},
): RawHttpRoute => {
  const parentRef = { name: 'edge', ...more.parent }
  return {
    metadata: { name: 'web', namespace: more.namespace ?? 'shop' },
    spec: {
      parentRefs: [parentRef],
      ...(more.hostnames && { hostnames: more.hostnames }),
      rules: [
        { backendRefs: (more.backends ?? [{ name: 'web', port: 80 }]) as { name: string }[] },
      ],
    },
    ...(more.accepted && {
      status: {
        parents: [
          {
            parentRef,
            conditions: [
              { type: 'Accepted', status: more.accepted[0], reason: more.accepted[1], message: '' },
            ],
          },
        ],
      },
    }),
  }
}

describe('the way through a Gateway', () => {
  const OWN = new Set(['web'])
  const PLAIN = [listener()]
  const TLS = listener({ name: 'https', port: 443, protocol: 'HTTPS' })
  const OTHER = { namespace: 'team', parent: { namespace: 'shop' } }
  const from = (where: string) => [listener({ allowedRoutes: { namespaces: { from: where } } })]
  it.each<[string, RawGateway, readonly RawHttpRoute[], Expected]>([
    ['any host', gateway(PLAIN), [route()], { way: '203.0.113.9:80' }],
    [
      'the route’s host',
      gateway(PLAIN),
      [route({ hostnames: ['shop.test', 'b.test'] })],
      { way: '203.0.113.9:80 shop.test' },
    ],
    [
      'the listener’s host',
      gateway([listener({ hostname: 'shop.test' })]),
      [route()],
      { way: '203.0.113.9:80 shop.test' },
    ],
    [
      'the route’s host under the listener’s wildcard',
      gateway([listener({ hostname: '*.test' })]),
      [route({ hostnames: ['api.example', 'shop.test'] })],
      { way: '203.0.113.9:80 shop.test' },
    ],
    [
      'the listener’s host under the route’s wildcard',
      gateway([listener({ hostname: 'shop.test' })]),
      [route({ hostnames: ['*.test'] })],
      { way: '203.0.113.9:80 shop.test' },
    ],
    [
      'two wildcards',
      gateway([listener({ hostname: '*.test' })]),
      [route({ hostnames: ['*.shop.test'] })],
      { way: '203.0.113.9:80 podtank.shop.test' },
    ],
    [
      'no host in common',
      gateway([listener({ hostname: 'api.test' })]),
      [route({ hostnames: ['shop.test'] })],
      { refused: 'no hostname in common' },
    ],
    [
      'a TLS listener',
      gateway([TLS]),
      [route({ hostnames: ['shop.test'] })],
      { way: '203.0.113.9:443 shop.test tls shop.test' },
    ],
    [
      'a listener chosen by sectionName',
      gateway([listener(), TLS]),
      [route({ parent: { sectionName: 'https' }, hostnames: ['shop.test'] })],
      { way: '203.0.113.9:443 shop.test tls shop.test' },
    ],
    [
      'a listener chosen by port',
      gateway([listener(), listener({ name: 'alt', port: 8080 })]),
      [route({ parent: { port: 8080 } })],
      { way: '203.0.113.9:8080' },
    ],
    [
      'a sectionName that is not there',
      gateway(PLAIN),
      [route({ parent: { sectionName: 'web' } })],
      { refused: 'names a listener that is not there: web' },
    ],
    [
      'a TCP listener',
      gateway([listener({ protocol: 'TCP' })]),
      [route()],
      { refused: 'protocol TCP, which takes no HTTPRoute' },
    ],
    [
      'a listener that does not take HTTPRoutes',
      gateway([listener({ allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }] } })]),
      [route()],
      { refused: 'does not allow' },
    ],
    [
      'another namespace, Same',
      gateway(PLAIN),
      [route(OTHER)],
      { refused: 'namespace or kind that the listener does not allow' },
    ],
    ['another namespace, All', gateway(from('All')), [route(OTHER)], { way: '203.0.113.9:80' }],
    [
      'another namespace, Selector, not said',
      gateway(from('Selector')),
      [route(OTHER)],
      { refused: 'does not allow' },
    ],
    [
      'another namespace, Selector, accepted',
      gateway(from('Selector')),
      [route({ ...OTHER, accepted: ['True', 'Accepted'] })],
      { way: '203.0.113.9:80' },
    ],
    [
      'not accepted',
      gateway(PLAIN),
      [route({ accepted: ['False', 'UnsupportedValue'] })],
      { refused: /httproute\/web is not accepted: UnsupportedValue$/ },
    ],
    [
      'another parent',
      gateway(PLAIN),
      [route({ parent: { name: 'inner' } })],
      { refused: 'names another parent' },
    ],
    [
      'a mesh’s parent',
      gateway(PLAIN),
      [route({ parent: { group: '', kind: 'Service', name: 'edge' } })],
      { refused: 'names another parent' },
    ],
    ['no route', gateway(PLAIN), [], { refused: 'no HTTPRoute names gateway/edge as its parent' }],
    [
      'the route of the workload, not the first',
      gateway(PLAIN),
      [
        route({ hostnames: ['api.test'], backends: [{ name: 'api' }] }),
        route({ hostnames: ['shop.test'] }),
      ],
      { way: '203.0.113.9:80 shop.test' },
    ],
    [
      'another workload’s route',
      gateway(PLAIN),
      [route({ backends: [{ name: 'api' }] })],
      { refused: 'leads to api, and no pod of the workload is behind that' },
    ],
    [
      'a backend of weight 0',
      gateway(PLAIN),
      [route({ backends: [{ name: 'web', weight: 0 }] })],
      { refused: 'leads to no Service' },
    ],
    [
      'a backend of another namespace',
      gateway(PLAIN),
      [route({ backends: [{ name: 'web', namespace: 'old' }] })],
      { refused: 'leads to no Service' },
    ],
    [
      'a backend that is no Service',
      gateway(PLAIN),
      [route({ backends: [{ group: 'x.io', kind: 'Bucket', name: 'web' }] })],
      { refused: 'leads to no Service' },
    ],
    [
      'no address yet',
      gateway(PLAIN, {}),
      [route()],
      { refused: 'the controller of class envoy has published none' },
    ],
    [
      'no address, and why',
      gateway(PLAIN, {
        conditions: [{ type: 'Programmed', status: 'False', message: 'no free address' }],
      }),
      [route()],
      { refused: 'Programmed is False, no free address' },
    ],
  ])('%s', (_title, raw, routes, expected) => {
    check(gatewayAddress(raw, routes, OWN), expected)
  })

  it('watches the Services of the workload alone', () => {
    const both = route({ backends: [{ name: 'canary' }, { name: 'web' }] })
    const reached = gatewayAddress(gateway(PLAIN), [both], OWN)
    expect(reached).toMatchObject({ ok: true, value: { services: ['web'] } })
    const unknown = gatewayAddress(gateway(PLAIN), [both], undefined)
    expect(unknown).toMatchObject({ ok: true, value: { services: ['canary', 'web'] } })
  })
})
