import { mkdtempSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClusterConnection, connect } from '../../../src/cluster/connect.ts'
import { corePath, gatewayPath } from '../../../src/cluster/paths.ts'
import type { Gateway, HttpRoute } from '../../../src/lab/api/kinds/gateway.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import { startLab } from '../../../src/lab/start-lab.ts'
import type { JsonObject } from '../../../src/scenario/scenario.ts'

let lab: Lab
let cluster: ClusterConnection

const object = (apiVersion: string, kind: string, name: string, spec: object): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name },
  spec,
})
const GROUP = 'gateway.networking.k8s.io/v1'
const gateway = (name: string, spec: object) => object(GROUP, 'Gateway', name, spec)
const route = (name: string, spec: object) => object(GROUP, 'HTTPRoute', name, spec)

async function create(path: string, body: JsonObject): Promise<void> {
  const created = await cluster.client.call({ method: 'POST', path, body })
  expect(created.ok || created.error).toBe(true)
}

async function read<T>(path: string): Promise<T> {
  const found = await cluster.client.call({ method: 'GET', path })
  if (!found.ok) throw new Error(found.error.message)
  return found.value as unknown as T
}

const readGateway = (name: string) => read<Gateway>(gatewayPath('default', 'gateways', name))
const readRoute = (name: string) => read<HttpRoute>(gatewayPath('default', 'httproutes', name))

async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const endMs = performance.now() + 15_000
  for (;;) {
    const seen = await look()
    if (holds(seen)) return seen
    if (performance.now() > endMs) throw new Error(`not in time: ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The status, and the pod that answered. */
function ask(at: { host: string; port: number }, hostHeader: string, path = '/'): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ ...at, path, agent: false, headers: { host: hostHeader } }, (answer) => {
      answer.resume()
      resolve(`${answer.statusCode ?? 0} ${String(answer.headers['x-pod-name'] ?? '')}`.trim())
    })
      .on('error', reject)
      .end()
  })
}

function workload(name: string): readonly [string, JsonObject][] {
  const labels = { app: name }
  const container = {
    name: 'web',
    image: 'podtank.lab/web:sigquit',
    ports: [{ containerPort: 8080 }],
  }
  return [
    [
      '/apis/apps/v1/namespaces/default/deployments',
      object('apps/v1', 'Deployment', name, {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      }),
    ],
    [
      corePath('default', 'services'),
      object('v1', 'Service', name, { selector: labels, ports: [{ port: 80, targetPort: 8080 }] }),
    ],
  ]
}

beforeAll(async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'podtank-gateway-')), 'lab')
  const started = await startLab({ directory, seed: 1 })
  if (!started.ok) throw new Error(started.error.message)
  lab = started.value
  const connected = await connect({ kubeconfig: lab.kubeconfigPath })
  if (!connected.ok) throw new Error(connected.error.message)
  cluster = connected.value
  for (const [path, body] of [...workload('web'), ...workload('api')]) await create(path, body)
})

afterAll(() => lab.close())

describe('Gateway API in the lab', () => {
  it('routes by port, host and path to the pods behind a Service, and says so in the statuses', async () => {
    await create(
      gatewayPath('default', 'gateways'),
      gateway('edge', {
        gatewayClassName: 'envoy',
        listeners: [
          { name: 'web', protocol: 'HTTP', port: 8080, hostname: '*.shop.test' },
          { name: 'api', protocol: 'HTTP', port: 8081 },
          { name: 'secure', protocol: 'HTTPS', port: 8443 },
        ],
      }),
    )
    const backend = (name: string) => [{ name, port: 80 }]
    await create(
      gatewayPath('default', 'httproutes'),
      route('web', {
        parentRefs: [{ name: 'edge', sectionName: 'web' }],
        hostnames: ['www.shop.test'],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/api' } }],
            backendRefs: backend('api'),
          },
          { backendRefs: backend('web') },
        ],
      }),
    )
    await create(
      gatewayPath('default', 'httproutes'),
      route('api', {
        parentRefs: [{ name: 'edge', port: 8081 }],
        rules: [
          { matches: [{ path: { type: 'Exact', value: '/only' } }], backendRefs: backend('api') },
        ],
      }),
    )
    const { status } = await until(
      () => readGateway('edge'),
      (seen) =>
        seen.status?.listeners?.[1]?.attachedRoutes === 1 && seen.status.addresses !== undefined,
    )
    const host = status?.addresses?.[0]?.value ?? ''
    expect(status?.conditions?.map(({ type, status: is }) => `${type} ${is}`)).toEqual([
      'Accepted True',
      'Programmed True',
    ])
    expect(status?.listeners?.map((one) => `${one.name} ${one.attachedRoutes}`)).toEqual([
      'web 1',
      'api 1',
      'secure 0',
    ])
    expect(status?.listeners?.[2]?.conditions).toMatchObject([{ reason: 'UnsupportedProtocol' }])
    const web = { host, port: 8080 }
    const api = { host, port: 8081 }
    await until(
      () => ask(web, 'www.shop.test'),
      (answer) => answer.startsWith('200 web-'),
    )
    await until(
      () => ask(web, 'www.shop.test', '/api/x'),
      (answer) => answer.startsWith('200 api-'),
    )
    expect(await ask(web, 'www.shop.test', '/apix')).toMatch(/^200 web-/)
    expect(await ask(web, 'shop.test')).toBe('404')
    await until(
      () => ask(api, 'any.test', '/only'),
      (answer) => answer.startsWith('200 api-'),
    )
    expect(await ask(api, 'any.test', '/only/more')).toBe('404')
  })

  it('refuses what it would not do, with the reason in the route’s status', async () => {
    const parentRefs = [{ name: 'edge', sectionName: 'web' }]
    const refused: readonly (readonly [string, object, string])[] = [
      ['filtered', { rules: [{ filters: [{ type: 'URLRewrite' }] }] }, 'UnsupportedValue'],
      [
        'by-header',
        { rules: [{ matches: [{ headers: [{ name: 'a', value: 'b' }] }] }] },
        'UnsupportedValue',
      ],
      ['other-host', { hostnames: ['example.com'], rules: [] }, 'NoMatchingListenerHostname'],
      [
        'no-listener',
        { parentRefs: [{ name: 'edge', sectionName: 'none' }], rules: [] },
        'NoMatchingParent',
      ],
    ]
    for (const [name, spec, reason] of refused) {
      await create(gatewayPath('default', 'httproutes'), route(name, { parentRefs, ...spec }))
      const { status } = await until(
        () => readRoute(name),
        (seen) => seen.status?.parents !== undefined,
      )
      expect(status?.parents?.[0]?.conditions[0]).toMatchObject({ status: 'False', reason })
    }
    await create(
      gatewayPath('default', 'httproutes'),
      route('lost', { parentRefs, rules: [{ backendRefs: [{ name: 'nobody', port: 80 }] }] }),
    )
    const { status } = await until(
      () => readRoute('lost'),
      (seen) => seen.status?.parents !== undefined,
    )
    expect(status?.parents?.[0]?.conditions).toMatchObject([
      { type: 'Accepted', status: 'True' },
      { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' },
    ])
  })

  it('leaves a Gateway of an unknown class alone, and closes the port of one that is deleted', async () => {
    const listeners = [{ name: 'http', protocol: 'HTTP', port: 8090 }]
    const path = gatewayPath('default', 'gateways')
    await create(path, gateway('foreign', { gatewayClassName: 'other', listeners }))
    await create(path, gateway('short', { gatewayClassName: 'traefik', listeners }))
    const { status } = await until(
      () => readGateway('short'),
      (seen) => seen.status?.addresses !== undefined,
    )
    const at = { host: status?.addresses?.[0]?.value ?? '', port: 8090 }
    expect(await ask(at, 'any.test')).toBe('404')
    expect((await readGateway('foreign')).status).toBeUndefined()
    await cluster.client.call({ method: 'DELETE', path: `${path}/short` })
    await expect(
      until(
        () => ask(at, 'any.test'),
        () => false,
      ),
    ).rejects.toThrow('ECONNREFUSED')
  })
})
