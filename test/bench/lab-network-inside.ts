/** Measures one network of the lab from within: its name is the argument; requests/s and milliseconds as JSON. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pod } from '../../src/lab/api/kinds/pod.ts'
import type { Service } from '../../src/lab/api/kinds/service.ts'
import { namespaceSandboxes } from '../../src/lab/kubelet/sandbox/namespace-sandboxes.ts'
import type { LabNetwork } from '../../src/lab/network/lab-network.ts'
import { startLab } from '../../src/lab/start-lab.ts'
import { until } from '../lab/kubelet/test-node.ts'
import { runWrk } from './beside.ts'

const SECONDS = 2
const REPEATS = 3
const PODS = 10

const network = process.argv[2] as LabNetwork
const directory = mkdtempSync(join(tmpdir(), 'podtank-bench-'))
const lab = await startLab({
  directory,
  seed: 1,
  network,
  // As a run does it: what the truth costs is part of the speed.
  truthPath: join(directory, 'truth.ndjson'),
})
if (!lab.ok) throw new Error(lab.error.message)
const { serverUrl } = lab.value
const core = '/api/v1/namespaces/default'

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(serverUrl + core + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return (await answer.json()) as T
}

const configuration = join(directory, 'nginx.conf')
writeFileSync(
  configuration,
  `daemon off; pid ${directory}/nginx.pid; error_log stderr crit; worker_processes 1;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; server { listen 8080; return 200 ok; } }
`,
)
await api('POST', '/services', {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
})
await api('POST', '/pods', {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'nginx', command: ['nginx', '-c', configuration] }] },
})
const pod = () => api<Pod>('GET', '/pods/web')
await until('a pod', async () => {
  const { status } = await pod()
  return (
    status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ===
    true
  )
})
interface Published extends Service {
  status?: { loadBalancer: { ingress?: { ip: string; ports: { port: number }[] }[] } }
}
const service = await api<Published>('GET', '/services/web')
const published = service.status?.loadBalancer.ingress?.[0]
const throughService = `http://${published?.ip ?? service.spec.clusterIP ?? ''}:${String(published?.ports[0]?.port ?? 80)}/`
const direct = `http://${(await pod()).status.podIP ?? ''}:8080/`
await until('an answer through the Service', () =>
  fetch(throughService).then(
    ({ ok }) => ok,
    () => false,
  ),
)

const rates: { direct: number[]; service: number[] } = { direct: [], service: [] }
for (let repeat = 0; repeat < REPEATS; repeat++) {
  rates.direct.push((await runWrk(SECONDS, ['-c16', direct])).requestsPerSecond)
  rates.service.push((await runWrk(SECONDS, ['-c16', throughService])).requestsPerSecond)
}
await lab.value.close()

/** Another node's sandboxes, all at once; the bridge of the lab is still there. */
async function tenSandboxesMs(): Promise<number | undefined> {
  if (network === 'loopback') return undefined
  const sandboxes = namespaceSandboxes()
  const beganMs = performance.now()
  const made = await Promise.all(
    Array.from({ length: PODS }, (_, index) => {
      const name = `pod-${String(index)}`
      return sandboxes.create({
        name,
        namespace: 'default',
        uid: name,
        hostname: name,
        sharesProcesses: false,
      })
    }),
  )
  const tookMs = performance.now() - beganMs
  await Promise.all(made.map((sandbox) => sandbox.remove()))
  return Math.round(tookMs)
}

const sandboxesMs = await tenSandboxesMs()
rmSync(directory, { recursive: true, force: true })
process.stdout.write(`${JSON.stringify({ ...rates, sandboxesMs })}\n`)
process.exit(0)
