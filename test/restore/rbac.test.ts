import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { type ClusterConnection, connect } from '../../src/cluster/connect.ts'
import type { AccessReport } from '../../src/lab/api/access/access-report.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { startLab } from '../../src/lab/start-lab.ts'
import { kindManifest } from '../support/kind-manifest.ts'
import { podtank, until, writeScenario } from '../support/podtank.ts'

const ACCESS = '/podtank.lab/access'
const COLLECTIONS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/default/serviceaccounts',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  StatefulSet: '/apis/apps/v1/namespaces/default/statefulsets',
  DaemonSet: '/apis/apps/v1/namespaces/default/daemonsets',
  Service: '/api/v1/namespaces/default/services',
  Gateway: '/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways',
  HTTPRoute: '/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes',
}

let lab: Lab
let admin: ClusterConnection
const folder = mkdtempSync(join(tmpdir(), 'podtank-rbac-'))

beforeAll(async () => {
  const started = await startLab({ directory: join(folder, 'lab'), seed: 1, nodes: 2, rbac: true })
  if (!started.ok) throw new Error(started.error.message)
  lab = started.value
  const connected = await connect({ kubeconfig: lab.kubeconfigPath })
  if (!connected.ok) throw new Error(connected.error.message)
  admin = connected.value
  await create(readFileSync(join(writeScenario({ steps: '[]' }), '..', 'web.yaml'), 'utf8'))
  await create(kindManifest('StatefulSet', 'db'))
  await create(kindManifest('DaemonSet', 'agent'))
})

afterAll(() => lab.close())

/** As the lab's administrator; what is there already is replaced. */
async function create(manifests: string): Promise<void> {
  for (const document of parseAllDocuments(manifests)) {
    const object = document.toJS() as {
      kind: string
      metadata: { name: string; namespace?: string }
    }
    const { namespace = 'default' } = object.metadata
    const path = (COLLECTIONS[object.kind] ?? '').replace('/default/', `/${namespace}/`)
    await admin.client.call({ method: 'DELETE', path: `${path}/${object.metadata.name}` })
    const created = await admin.client.call({ method: 'POST', path, body: object })
    expect(created.ok || created.error).toBe(true)
  }
}

/** What scenarios before were granted beyond the namespace. */
afterEach(async () => {
  const roles = '/apis/rbac.authorization.k8s.io/v1'
  for (const where of [roles, `${roles}/namespaces/infra`]) {
    for (const kind of ['roles', 'rolebindings']) {
      const path = `${where}/${where === roles ? 'cluster' : ''}${kind}/podtank-default`
      await admin.client.call({ method: 'DELETE', path })
    }
  }
})

/** A kubeconfig of the ServiceAccount, with a token of its own. */
async function kubeconfigOfAccount(): Promise<string> {
  const answer = await admin.client.call({
    method: 'POST',
    path: `${COLLECTIONS['ServiceAccount'] ?? ''}/podtank/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  })
  if (!answer.ok) throw new Error(answer.error.message)
  const { token } = answer.value['status'] as { token: string }
  const config = parse(readFileSync(lab.kubeconfigPath, 'utf8')) as { users: { user: object }[] }
  const [user] = config.users
  if (user) user.user = { token }
  const path = join(folder, 'account-kubeconfig')
  writeFileSync(path, stringify(config))
  return path
}

/** A run that is killed: what only a recovery uses is used by its guardian. */
async function killedRun(kubeconfig: string, steps: string): Promise<void> {
  const load = `{ schedule: 'const(5,60s)' }`
  const scenario = writeScenario({ steps: steps.replace('3s', '60s'), load })
  const out = join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run')
  const run = podtank(['run', scenario, '--kubeconfig', kubeconfig, '--out', out])
  await run.said('delete workload: done')
  run.child.kill('SIGKILL')
  await run.ended
  const log = join(out, 'guardian.log')
  await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('done after'))
}

const CASES: readonly (readonly [title: string, steps: string, workload: string])[] = [
  ['a scale', '[{ scale: { replicas: 1 } }, { wait: 3s }]', 'deployment/web'],
  ['a delete of pods', '[{ delete pods: { count: 1 } }, { wait: 3s }]', 'deployment/web'],
  ['an eviction', '[{ evict: { count: 1 } }, { wait: 3s }]', 'deployment/web'],
  ['a cordon', '[{ cordon: }, { wait: 3s }]', 'deployment/web'],
  ['a deleted workload', '[{ delete workload: }, { wait: 3s }]', 'deployment/web'],
  ['a scaled StatefulSet', '[{ scale: { replicas: 1 } }, { wait: 3s }]', 'statefulset/db'],
  ['a restarted StatefulSet', '[{ restart: }, { wait: settled }]', 'statefulset/db'],
  ['a StatefulSet that goes back', '[{ undo: }, { wait: settled }]', 'statefulset/db'],
  ['a restarted DaemonSet', '[{ restart: }, { wait: settled }]', 'daemonset/agent'],
  ['an eviction from a DaemonSet', '[{ evict: { count: 1 } }, { wait: 3s }]', 'daemonset/agent'],
]

describe('the Role that manifests rbac prints', () => {
  it.each(CASES)(
    'is just enough for %s, its way back included',
    async (_title, steps, workload) => {
      const scenario = writeScenario({ steps, load: `{ schedule: 'const(5,1s)' }`, workload })
      const { kubeconfig } = await runByPrintedRole(scenario)
      if (steps.includes('delete workload')) await killedRun(kubeconfig, steps)
      await justEnough()
    },
  )

  it.each([
    ['gateway/edge', GATEWAY],
    ['httproute/web', GATEWAY],
    ['gateway/infra/edge', SHARED_GATEWAY],
  ])('is just enough for load through %s', async (through, manifests) => {
    await create(manifests)
    const scenario = writeScenario({
      steps: '[{ scale: { replicas: 1 } }, { wait: 3s }]',
      load: `{ schedule: 'const(5,1s)' }`,
    })
    const text = readFileSync(scenario, 'utf8').replace('service/web', through)
    writeFileSync(scenario, text)
    const { printed, run } = await runByPrintedRole(scenario)
    expect(printed.stdout()).not.toContain('ClusterRole')
    expect(run.stderr()).toMatch(/load {7}http:\/\/127\.\d+\.\d+\.\d+:8080/)
    await justEnough()
  })

  it('is not enough for a route whose Gateway is elsewhere, of which the file says nothing', async () => {
    await create(SHARED_GATEWAY)
    const scenario = writeScenario({ steps: '[{ scale: { replicas: 1 } }]' })
    const text = readFileSync(scenario, 'utf8').replace('service/web', 'httproute/web')
    writeFileSync(scenario, text)
    const printed = podtank(['manifests', 'rbac', scenario])
    expect(await printed.ended).toBe(0)
    await create(printed.stdout())
    const run = podtank(['run', scenario, '--kubeconfig', await kubeconfigOfAccount()])
    expect(await run.ended).toBe(3)
    expect(run.stderr()).toContain('through: gateway/infra/edge')
  })

  it('is just enough to watch, and only reads', async () => {
    const printed = podtank(['manifests', 'rbac', '--watch', 'deployment/web'])
    expect(await printed.ended).toBe(0)
    const verbs = new Set(printed.stdout().match(/(?<=- )(?:get|list|watch|create|patch|delete)/g))
    expect([...verbs].sort()).toEqual(['get', 'list', 'watch'])
    await create(printed.stdout())
    const kubeconfig = await kubeconfigOfAccount()
    const doctor = podtank(['doctor', '--watch', 'deployment/web', '--kubeconfig', kubeconfig])
    expect([await doctor.ended, doctor.stdout()]).toEqual([0, doctor.stdout()])
    await admin.client.call({ method: 'DELETE', path: ACCESS })
    const out = join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'watch')
    const args = ['watch', 'deployment/web', '--for', '2s', '--kubeconfig', kubeconfig]
    const watch = podtank([...args, '--out', out])
    expect(await watch.ended, watch.stderr()).toBe(0)
    expect(watch.stdout()).toContain('not watched: nodes (not permitted)')
    await justEnough()
  })
})

const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  gatewayClassName: envoy
  listeners: [{ name: http, protocol: HTTP, port: 8080 }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec:
  parentRefs: [{ name: edge }]
  rules: [{ backendRefs: [{ name: web, port: 80 }] }]
`

/** As it is usual: one Gateway for all, in a namespace of those who run it. */
const SHARED_GATEWAY = `apiVersion: v1
kind: Namespace
metadata: { name: infra }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: infra }
spec:
  gatewayClassName: envoy
  listeners:
    - { name: http, protocol: HTTP, port: 8080, allowedRoutes: { namespaces: { from: All } } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec:
  parentRefs: [{ name: edge, namespace: infra }]
  rules: [{ backendRefs: [{ name: web, port: 80 }] }]
`

/** Runs a scenario as the account of the Role that is printed for it, once doctor finds nothing missing. */
async function runByPrintedRole(scenario: string) {
  const printed = podtank(['manifests', 'rbac', scenario])
  expect(await printed.ended).toBe(0)
  await create(printed.stdout())
  const kubeconfig = await kubeconfigOfAccount()
  const doctor = podtank(['doctor', scenario, '--kubeconfig', kubeconfig])
  expect([await doctor.ended, doctor.stdout()]).toEqual([0, doctor.stdout()])
  await admin.client.call({ method: 'DELETE', path: ACCESS })
  const out = join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run')
  const run = podtank(['run', scenario, '--kubeconfig', kubeconfig, '--out', out])
  const code = await run.ended
  expect([0, 10, 11], run.stderr()).toContain(code)
  return { printed, kubeconfig, run }
}

/** Since the last look nothing was denied to the account, and nothing that it may was not used. */
async function justEnough(): Promise<void> {
  const report = await admin.client.call({ method: 'GET', path: ACCESS })
  if (!report.ok) throw new Error(report.error.message)
  const { uses, unused } = report.value as unknown as AccessReport
  const own = uses.filter(({ user }) => user === 'system:serviceaccount:default:podtank')
  const text = (one: { verb: string; resource: string }) => `${one.verb} ${one.resource}`
  expect(own.filter(({ allowed }) => !allowed).map(text)).toEqual([])
  expect(unused.filter(({ binding }) => binding.includes('podtank')).map(text)).toEqual([])
}
