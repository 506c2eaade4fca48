import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/report/result.ts'
import { podtank } from '../support/podtank.ts'

const kubeconfig = process.env['PODTANK_TEST_CLUSTER'] ?? ''
const namespace = 'podtank-test'

const kubectl = (args: readonly string[], input?: string): string =>
  execFileSync('kubectl', ['--kubeconfig', kubeconfig, ...args], {
    encoding: 'utf8',
    ...(input !== undefined && { input }),
  })

const manifest = (image: string, lifecycle: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 10
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: ${image}
          imagePullPolicy: IfNotPresent
          ports: [{ containerPort: 80 }]
          readinessProbe: { httpGet: { path: /healthz, port: 80 }, periodSeconds: 2 }
          ${lifecycle}
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, targetPort: 80 }] }
`

const scenario = `podtank: 1
name: scale-down
target: { workload: deployment/web, through: service/web }
load:
  schedule: const(50,13s)
  connections: both
  timeout: 8s
  requests: ['/1m.bin?rate=1m']
steps: [{ wait: 3s }, { scale: { replicas: 1 } }, { wait: settled }]
`

/** Runs the scenario on one variant of nginx and gives its result. */
async function scaleDown(image: string, lifecycle = ''): Promise<RunResult> {
  kubectl(['-n', namespace, 'apply', '-f', '-'], manifest(image, lifecycle))
  kubectl(['-n', namespace, 'rollout', 'status', 'deployment/web', '--timeout=120s'])
  const file = join(mkdtempSync(join(tmpdir(), 'podtank-real-')), 'scenario.yaml')
  writeFileSync(file, scenario)
  const program = podtank(['run', file, '--kubeconfig', kubeconfig, '-n', namespace, '-o', 'json'])
  await program.ended
  return JSON.parse(program.stdout()) as RunResult
}

const failed = ({ ledger }: RunResult) => ledger.sent - (ledger.outcomes['ok'] ?? 0)
const cut = ({ ledger }: RunResult) =>
  (ledger.outcomes['closed-in-body'] ?? 0) + (ledger.outcomes['reset-in-body'] ?? 0)
const causes = (result: RunResult) => result.causes.map((cause) => cause.cause)

beforeAll(() => {
  kubectl(['create', 'namespace', namespace])
})

afterAll(() => {
  kubectl(['delete', 'namespace', namespace, '--wait=false'])
})

describe('nginx scaled from 10 to 1 on a real Kubernetes', () => {
  it('with SIGTERM: bodies cut at the stop signal, connections turned away after it, all put back', async () => {
    const result = await scaleDown('podtank.test/nginx:sigterm')
    expect(result.ledger.balances).toBe(true)
    expect(result.ledger.planned).toBe(650)
    expect(cut(result)).toBeGreaterThan(0)
    expect(causes(result)).toContain('INFLIGHT_CUT_AT_TERM')
    expect(result.drain.pods).toBe(9)
    expect(result.notRestored).toEqual([])
    expect(
      kubectl(['-n', namespace, 'get', 'deployment', 'web', '-o', 'jsonpath={.spec.replicas}']),
    ).toBe('10')
  })

  it('with SIGQUIT: no body is cut', async () => {
    const result = await scaleDown('podtank.test/nginx:sigquit')
    expect(cut(result)).toBe(0)
    if (failed(result) > 0) expect(causes(result)[0]).toBe('EXIT_BEFORE_DEREGISTER')
  })

  it('with a preStop sleep of 5 s besides: nothing fails', async () => {
    const result = await scaleDown(
      'podtank.test/nginx:sigquit',
      'lifecycle: { preStop: { sleep: { seconds: 5 } } }',
    )
    expect(failed(result)).toBe(0)
  })
})
