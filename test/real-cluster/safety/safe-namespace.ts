import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accessOfKubeconfig, send } from '../../conformance/api-client.ts'
import type { Upstream } from '../../restore/api-proxy.ts'

/** The cluster under test, and its images. */
export const KUBECONFIG = process.env['PODTANK_TEST_CLUSTER'] ?? ''
export const IMAGES = process.env['PODTANK_TEST_IMAGES'] ?? 'podtank.test/'

/** The API server with the administrator's credentials. */
export const administrator = (): Upstream => {
  const { server, options } = accessOfKubeconfig(KUBECONFIG)
  return { url: server, options }
}

/** One GET, as the administrator. */
export async function get(path: string): Promise<Record<string, unknown>> {
  const access = accessOfKubeconfig(KUBECONFIG)
  const answer = await send(access, { method: 'GET', path, headers: {} })
  const pieces: Buffer[] = []
  for await (const piece of answer) pieces.push(piece as Buffer)
  return JSON.parse(Buffer.concat(pieces).toString()) as Record<string, unknown>
}

export const kubectl = (args: readonly string[], input?: string): string =>
  execFileSync('kubectl', ['--kubeconfig', KUBECONFIG, ...args], {
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input !== undefined && { input }),
  })

/** A namespace of one test file with the Deployment and NodePort Service `web`, as a user would have applied them. */
export interface SafeNamespace {
  readonly name: string
  readonly deploymentPath: string
  /** What `kubectl diff` says against what was applied; empty when the cluster is as it was. */
  diff(): string
  /** Whatever of ours is left: annotations of the Deployment, locks, saved manifests. */
  leftovers(): Promise<readonly string[]>
  replicas(): Promise<number>
  remove(): void
}

const manifest = (replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: ${IMAGES}nginx:sigquit
          imagePullPolicy: IfNotPresent
          ports: [{ containerPort: 80 }]
          readinessProbe: { httpGet: { path: /healthz, port: 80 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, targetPort: 80 }] }
`

interface Listed {
  readonly items?: readonly { readonly metadata: { readonly name: string } }[]
}

/** Creates the namespace and waits until the Deployment is available. */
export function createSafeNamespace(name: string, replicas = 2): SafeNamespace {
  const file = join(mkdtempSync(join(tmpdir(), 'podtank-safe-')), 'web.yaml')
  writeFileSync(file, manifest(replicas))
  kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=true'])
  kubectl(['create', 'namespace', name])
  kubectl(['-n', name, 'apply', '-f', file])
  kubectl(['-n', name, 'rollout', 'status', 'deployment/web', '--timeout=120s'])
  const deploymentPath = `/apis/apps/v1/namespaces/${name}/deployments/web`
  const names = async (path: string) =>
    ((await get(path)) as Listed).items?.map(({ metadata }) => metadata.name) ?? []
  return {
    name,
    deploymentPath,
    diff() {
      const args = ['--kubeconfig', KUBECONFIG, '-n', name, 'diff', '-f', file]
      const { stdout, stderr, status } = spawnSync('kubectl', args, { encoding: 'utf8' })
      return status === 0 ? '' : `${stdout}${stderr}`
    },
    async leftovers() {
      const { metadata } = (await get(deploymentPath)) as {
        metadata: { annotations?: Record<string, string> }
      }
      const leases = await names(`/apis/coordination.k8s.io/v1/namespaces/${name}/leases`)
      const maps = await names(`/api/v1/namespaces/${name}/configmaps`)
      return [
        ...Object.keys(metadata.annotations ?? {}).filter((key) => key.startsWith('podtank')),
        ...[...leases, ...maps].filter((one) => one.startsWith('podtank')),
      ]
    },
    async replicas() {
      return ((await get(deploymentPath)) as { spec: { replicas: number } }).spec.replicas
    },
    remove() {
      kubectl(['delete', 'namespace', name, '--wait=false'])
    },
  }
}
