import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkRuns } from '../library/check-run.ts'
import type { Expectation } from '../library/expectations.ts'
import { runFile } from '../library/run-in-library.ts'
import { namespaceState } from './cluster-state.ts'
import {
  findGatewayTools,
  type GatewayController,
  startGatewayController,
} from './gateway-controller.ts'
import { inNamespace, untilItAnswersAt } from './run-on-cluster.ts'
import { flagsFor, kubectl, testCluster } from './test-cluster.ts'

const tools = findGatewayTools()
const missing = 'missing' in tools ? tools.missing : undefined
let controller: GatewayController | undefined

beforeAll(async () => {
  if (!('missing' in tools)) controller = await startGatewayController(tools.crds)
}, 120_000)

afterAll(() => controller?.stop())

/** Its name says what it goes through. */
interface Case extends Expectation {
  /** What holds a pod back from its end until the proxy has forgotten it. */
  readonly lifecycle: string
}

const CASES: readonly Case[] = [
  {
    name: 'gateway/edge',
    lifecycle: '{}',
    broken: ['failed == 0'],
    mainCause: 'EXIT_BEFORE_DEREGISTER',
  },
  {
    name: 'httproute/web',
    lifecycle: '{ preStop: { exec: { command: [sleep, "6"] } } }',
    broken: [],
    mainCause: 'none',
  },
]

/** Both namespaces are behind one controller: each has a host of its own. */
const hostOf = (namespace: string) => `${namespace}.shop.test`

const manifests = (
  lifecycle: string,
  host: string,
  { className, port }: GatewayController,
) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 4
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 9
      containers:
        - name: web
          image: ${testCluster.images}nginx:sigquit
          imagePullPolicy: IfNotPresent
          ports: [{ containerPort: 80 }]
          readinessProbe: { httpGet: { path: /healthz, port: 80 }, periodSeconds: 1 }
          lifecycle: ${lifecycle}
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  gatewayClassName: ${className}
  listeners: [{ name: http, protocol: HTTP, port: ${port}, hostname: '*.shop.test' }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec:
  parentRefs: [{ name: edge, sectionName: http }]
  hostnames: [${host}]
  rules: [{ backendRefs: [{ name: web, port: 80 }] }]
`

const scenario = (through: string) => `podtank: 1
name: gateway
target: { workload: deployment/web, through: ${through} }
load: { schedule: 'const(40,12s)', requests: [/healthz], connections: both }
steps: [{ wait: 2s }, { scale: { replicas: 1 } }, { wait: settled }]
expect: [failed == 0]
`

const scaledDown = ({ name: through, lifecycle }: Case, serving: GatewayController) =>
  inNamespace(through.replace('/', '-'), async (namespace) => {
    const host = hostOf(namespace)
    const url = `http://127.0.0.1:${serving.port}/healthz`
    const inside = ['-n', namespace]
    await kubectl([...inside, 'apply', '-f', '-'], manifests(lifecycle, host, serving))
    await kubectl([...inside, 'rollout', 'status', 'deployment/web', '--timeout=120s'])
    await untilItAnswersAt(() => Promise.resolve(url), host)
    const before = await namespaceState(namespace)
    const file = join(mkdtempSync(join(tmpdir(), 'podtank-gateway-')), 'scenario.yaml')
    writeFileSync(file, scenario(through))
    const run = await runFile(file, flagsFor(namespace))
    expect(run.result.notRestored).toEqual([])
    expect(await namespaceState(namespace)).toEqual(before)
    return run
  })

describe('Gateway API on a real cluster', () => {
  it.for(CASES)('$name: $mainCause', async (one, { skip }) => {
    if (!controller) return skip(`this machine has not: ${missing ?? ''}`)
    const serving = controller
    await checkRuns(() => scaledDown(one, serving), one)
  })
})
