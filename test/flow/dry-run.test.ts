import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import type { DryRunDocument } from '../../src/cli/dry-run-document.ts'
import { type ClusterConnection, connect } from '../../src/cluster/connect.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { startLab } from '../../src/lab/start-lab.ts'
import { until } from '../lab/controllers/until.ts'
import { countingServer } from '../support/counting-server.ts'
import { podtank, writeScenario } from '../support/podtank.ts'

const DEFAULT = '/namespaces/default'
const COLLECTIONS: Readonly<Record<string, string>> = {
  ServiceAccount: `/api/v1${DEFAULT}/serviceaccounts`,
  Role: `/apis/rbac.authorization.k8s.io/v1${DEFAULT}/roles`,
  RoleBinding: `/apis/rbac.authorization.k8s.io/v1${DEFAULT}/rolebindings`,
  Deployment: `/apis/apps/v1${DEFAULT}/deployments`,
  Service: `/api/v1${DEFAULT}/services`,
}
const WATCHED = [
  `/apis/apps/v1${DEFAULT}/deployments`,
  `/apis/apps/v1${DEFAULT}/replicasets`,
  `/api/v1${DEFAULT}/pods`,
  `/api/v1${DEFAULT}/configmaps`,
  `/api/v1${DEFAULT}/services`,
  `/apis/discovery.k8s.io/v1${DEFAULT}/endpointslices`,
  `/apis/coordination.k8s.io/v1${DEFAULT}/leases`,
]
const CHANGES = '[{ wait: 1s }, { scale: { replicas: 1 } }, { delete pods: { count: 1 } }]'

const folder = mkdtempSync(join(tmpdir(), 'podtank-dry-'))
let lab: Lab
let admin: ClusterConnection

beforeAll(async () => {
  const started = await startLab({ directory: join(folder, 'lab'), seed: 1, rbac: true })
  if (!started.ok) throw new Error(started.error.message)
  lab = started.value
  const connected = await connect({ kubeconfig: lab.kubeconfigPath })
  if (!connected.ok) throw new Error(connected.error.message)
  admin = connected.value
  await create(readFileSync(join(writeScenario({ steps: '[]' }), '..', 'web.yaml'), 'utf8'))
  await until('all is settled', isSettled, 20_000)
})

/** Nothing of the cluster's own is still to be written. */
async function isSettled(): Promise<boolean> {
  const [deployment, slices] = await Promise.all([
    api('GET', `${COLLECTIONS['Deployment'] ?? ''}/web`),
    api('GET', `/apis/discovery.k8s.io/v1${DEFAULT}/endpointslices`),
  ])
  const { availableReplicas } = deployment['status'] as { availableReplicas?: number }
  const [slice] = slices['items'] as { endpoints: { conditions: { ready: boolean } }[] }[]
  const ready = slice?.endpoints.filter(({ conditions }) => conditions.ready) ?? []
  return availableReplicas === 3 && ready.length === 3
}

afterAll(() => lab.close())

interface Config {
  users: { user: { token?: string } }[]
}

const configOf = () => parse(readFileSync(lab.kubeconfigPath, 'utf8')) as Config

async function api(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const answer = await admin.client.call({ method, path, ...(body && { body }) })
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value
}

async function create(manifests: string): Promise<void> {
  for (const document of parseAllDocuments(manifests)) {
    const object = document.toJS() as { kind: string }
    await api('POST', COLLECTIONS[object.kind] ?? '', object)
  }
}

async function versions(): Promise<readonly string[]> {
  const lists = await Promise.all(WATCHED.map((path) => api('GET', path)))
  return lists.flatMap(({ items }, at) =>
    (items as { metadata: { name: string; resourceVersion: string } }[]).map(
      ({ metadata }) => `${WATCHED[at] ?? ''}/${metadata.name} ${metadata.resourceVersion}`,
    ),
  )
}

/** A kubeconfig of an account that has the Role of a scenario, without the verbs on a resource that are taken from it. */
async function kubeconfigWithout(scenario: string, resource: string): Promise<string> {
  const printed = podtank(['manifests', 'rbac', scenario])
  expect(await printed.ended).toBe(0)
  const documents = parseAllDocuments(printed.stdout()).map(
    (document) =>
      document.toJS() as {
        kind: string
        rules?: { resources: string[]; verbs: string[] }[] | undefined
      },
  )
  for (const document of documents) {
    document.rules = document.rules?.flatMap((rule) => {
      const verbs = rule.verbs.filter((verb) => verb !== 'patch')
      if (!rule.resources.includes(resource)) return [rule]
      return verbs.length === 0 ? [] : [{ ...rule, verbs }]
    })
  }
  for (const document of documents) {
    if (COLLECTIONS[document.kind] !== undefined) await create(stringify(document))
  }
  const answer = await api('POST', `${COLLECTIONS['ServiceAccount'] ?? ''}/podtank/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  })
  const config = configOf()
  const path = join(folder, 'account-kubeconfig')
  const [first] = config.users
  if (first) first.user = { token: (answer['status'] as { token: string }).token }
  writeFileSync(path, stringify(config))
  return path
}

describe('podtank run --dry-run', () => {
  it('shows the plan, changes nothing, and sends no request', async () => {
    const target = await countingServer()
    const scenario = writeScenario({ steps: CHANGES })
    const text = readFileSync(scenario, 'utf8').replace('service/web', `'${target.url}'`)
    writeFileSync(scenario, text)
    const before = await versions()
    const program = podtank([
      ...['run', scenario, '--dry-run', '--kubeconfig', lab.kubeconfigPath],
      '--external-target',
    ])
    expect([await program.ended, program.stderr()]).toEqual([0, program.stderr()])
    expect(await versions()).toEqual(before)
    expect([...target.seen]).toEqual([])
    target.close()
    const out = program.stdout()
    expect(out).toContain('workload   deployment/web in namespace default')
    expect(out).toContain(`address    ${target.url}`)
    expect(out).toContain('60 requests in 3.00 s; none of it is sent')
    expect(out).toMatch(/PATCH \S+\/deployments\/web {"spec":{"replicas":1}}/)
    expect(out).toContain('✓ accepted: deployment/web spec.replicas 3 → 1')
    expect(out).toMatch(
      /way back {2}PATCH \S+ \[{"op":"replace","path":"\/spec\/replicas","value":3}/,
    )
    expect(out).toMatch(/DELETE \S+\/pods\/web-/)
    expect(out).toContain('2 changes and 1 way back accepted; nothing was changed')
  })

  it('names what the API server refuses, and exits with 3', async () => {
    const scenario = writeScenario({ steps: CHANGES })
    const kubeconfig = await kubeconfigWithout(scenario, 'deployments')
    const program = podtank([
      'run',
      scenario,
      '--dry-run',
      '--kubeconfig',
      kubeconfig,
      '-o',
      'json',
    ])
    expect([await program.ended, program.stderr()]).toEqual([3, program.stderr()])
    const { steps, isAccepted, exitCode, lock } = JSON.parse(program.stdout()) as DryRunDocument
    expect({ isAccepted, exitCode, lock: lock.verdict }).toEqual({
      isAccepted: false,
      exitCode: 3,
      lock: 'accepted',
    })
    expect(steps.map(({ change }) => change.verdict)).toEqual(['none', 'refused', 'accepted'])
    expect(steps[1]?.change.text).toContain('cannot patch resource "deployments"')
  })

  it('on an embedded lab says which step the server would refuse', async () => {
    const patch = '{ template: {}, strategy: { rollingUpdate: { maxUnavailable: -1 } } }'
    const scenario = writeScenario({ steps: `[{ patch: ${patch} }, { exec: [echo, hello] }]` })
    const program = podtank(['run', scenario, '--dry-run'])
    expect([await program.ended, program.stderr()]).toEqual([13, program.stderr()])
    expect(program.stdout()).toContain('✗ refused: changing the template of deployment/web')
    expect(program.stdout()).toContain('✗ would fail: runs a command on this machine')
    const allowed = podtank(['run', scenario, '--dry-run', '--allow-exec'])
    expect(await allowed.ended).toBe(3)
    expect(allowed.stdout()).toContain('? cannot be dry-run: a command of yours on this machine')
  })
})
