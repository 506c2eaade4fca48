import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kubectl, testCluster } from './test-cluster.ts'

/** Where the CRDs are: the version that the cluster's Traefik is built with. */
const MODULE = 'sigs.k8s.io/gateway-api@v1.4.0'
const CRDS = join('config', 'crd', 'standard')
const FETCH_WITHIN_MS = 60_000
const ADDRESS = '127.0.0.1'

/** Traefik on this machine, serving the cluster's Gateways of one class. */
export interface GatewayController {
  readonly className: string
  /** Of its listener; a Gateway's listener must have the same. */
  readonly port: number
  /** Ends it, and takes away what was not there before. */
  stop(): Promise<void>
}

/** What a test of Gateway API cannot do without, in words; `crds` is their folder, absent where the cluster has them. */
export type GatewayTools = { readonly missing: string } | { readonly crds?: string }

/** Looks for Traefik in PATH, and for the CRDs in the cluster, else in a Go module. */
export function findGatewayTools(): GatewayTools {
  if (spawnSync('traefik', ['version']).status !== 0) return { missing: 'traefik in PATH' }
  const flags = ['--kubeconfig', testCluster.kubeconfig]
  const there = spawnSync('kubectl', [...flags, 'get', 'httproutes', '-A'])
  if (there.status === 0) return {}
  const fetched = spawnSync('go', ['mod', 'download', '-json', MODULE], {
    cwd: tmpdir(),
    encoding: 'utf8',
    timeout: FETCH_WITHIN_MS,
  })
  if (fetched.status !== 0)
    return { missing: `the CRDs of Gateway API (go mod download ${MODULE})` }
  return { crds: join((JSON.parse(fetched.stdout) as { Dir: string }).Dir, CRDS) }
}

/** Its routes lead to the pods themselves: this machine must have a way to them. */
export async function startGatewayController(crds?: string): Promise<GatewayController> {
  const className = 'podtank-traefik'
  const port = await freePort()
  if (crds !== undefined) {
    await kubectl(['apply', '--server-side', '-f', crds])
    await kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s'])
  }
  await kubectl(['apply', '-f', '-'], classOf(className))
  const traefik = spawn(
    'traefik',
    [
      ...['--global.checkNewVersion=false', '--global.sendAnonymousUsage=false'],
      ...[`--entryPoints.web.address=${ADDRESS}:${port}`, '--providers.kubernetesGateway'],
      `--providers.kubernetesGateway.statusAddress.ip=${ADDRESS}`,
    ],
    { env: { ...process.env, KUBECONFIG: testCluster.kubeconfig }, stdio: 'ignore' },
  )
  const ended = once(traefik, 'close')
  return {
    className,
    port,
    async stop() {
      traefik.kill()
      await ended
      await kubectl(['delete', 'gatewayclass', className])
      if (crds !== undefined) await kubectl(['delete', '-f', crds, '--wait=false'])
    },
  }
}

const classOf = (name: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: ${name} }
spec: { controllerName: traefik.io/gateway-controller }
`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, ADDRESS)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
