import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRecording } from '../../src/recording/read-recording.ts'
import type { RunResult } from '../../src/report/result.ts'
import { kindManifest } from '../support/kind-manifest.ts'
import { allGone, podtank, type Program, until, writeScenario } from '../support/podtank.ts'

const APPS = '/apis/apps/v1/namespaces/default'
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases'

/** A lab that outlives the runs, with a StatefulSet `db` and a DaemonSet `agent`. */
let lab: Program
let kubeconfig = ''
let server = ''

beforeAll(async () => {
  lab = podtank(['lab', 'up', '--nodes', '3'], { marker: 'kinds-lab' })
  await lab.said('The lab runs at')
  await until(() => lab.stdout().includes('KUBECONFIG='))
  kubeconfig = /KUBECONFIG=(\S+)/.exec(lab.stdout())?.[1] ?? ''
  server = /The lab runs at (\S+)\./.exec(lab.stderr())?.[1] ?? ''
  for (const [kind, name, resource] of [
    ['StatefulSet', 'db', 'statefulsets'],
    ['DaemonSet', 'agent', 'daemonsets'],
  ] as const) {
    const [workload = '', service = ''] = kindManifest(kind, name).split('---\n')
    await create(`${APPS}/${resource}`, workload)
    await create('/api/v1/namespaces/default/services', service)
  }
})

afterAll(async () => {
  lab.child.kill('SIGTERM')
  await lab.ended
  await allGone('kinds-lab')
})

async function create(path: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/yaml' }
  const answer = await fetch(`${server}${path}`, { method: 'POST', headers, body })
  expect(answer.status).toBe(201)
}

interface Seen {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec?: unknown
}

/** What must be as it was: the spec, all annotations, nothing of ours on its revisions, no lock. */
async function stateOf(resource: string, name: string) {
  const get = async (path: string) => (await (await fetch(`${server}${path}`)).json()) as unknown
  const { metadata, spec } = (await get(`${APPS}/${resource}/${name}`)) as Seen
  const revisions = (await get(`${APPS}/controllerrevisions`)) as { items: readonly Seen[] }
  const leases = (await get(LEASES)) as { items: readonly unknown[] }
  const marks = revisions.items.flatMap((one) => Object.keys(one.metadata.annotations ?? {}))
  return {
    spec,
    annotations: metadata.annotations ?? {},
    copies: marks.filter((mark) => mark.startsWith('podtank')),
    locks: leases.items.length,
  }
}

function run(workload: string, steps: string, load: string, ...more: string[]) {
  const out = join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run')
  const scenario = writeScenario({ workload, steps, load: `{ schedule: '${load}' }` })
  return {
    out,
    program: podtank(['run', scenario, '--kubeconfig', kubeconfig, '--out', out, ...more]),
  }
}

/** Each pod that was deleted, in order, and whether the one before it had gone by then. */
async function deletions(out: string): Promise<readonly string[]> {
  const recording = await readRecording(out)
  if (!recording.ok) throw new Error(recording.error.message)
  const ending = new Set<string>()
  const told: string[] = []
  for (const entry of recording.value.cluster) {
    if (entry.type !== 'pod') continue
    const { uid, name, deletionTimestamp } = entry.pod
    if (entry.change === 'gone') ending.delete(uid)
    else if (deletionTimestamp !== undefined && !ending.has(uid)) {
      told.push(ending.size === 0 ? name : `${name} too early`)
      ending.add(uid)
    }
  }
  return told
}

describe('a StatefulSet under load', () => {
  it(
    'is rolled and scaled from its highest ordinal down, one pod at a time, and is put back',
    { timeout: 60_000 },
    async () => {
      const before = await stateOf('statefulsets', 'db')
      const steps =
        '[{ restart: }, { wait: settled }, { scale: { replicas: 1 } }, { wait: settled }]'
      const { out, program } = run('sts/db', steps, 'const(20,14s)', '-o', 'json')
      const code = await program.ended
      expect([0, 10, 11], program.stderr()).toContain(code)
      expect(program.stderr()).toContain('workload   statefulset/db in namespace default')
      const result = JSON.parse(program.stdout()) as RunResult
      expect(result.ledger.balances).toBe(true)
      const told = await deletions(out)
      expect(told.slice(0, 5)).toEqual(['db-2', 'db-1', 'db-0', 'db-2', 'db-1'])
      expect(await stateOf('statefulsets', 'db')).toEqual(before)
      expect(readFileSync(join(out, 'report.html'), 'utf8')).not.toContain('Deployment')
    },
  )
})

describe.each([
  ['statefulset/db', 'statefulsets', '{ scale: { replicas: 1 } }', 'spec.replicas put back'],
  ['daemonset/agent', 'daemonsets', '{ restart: }', 'spec.template put back'],
])('a run on %s that is killed', (workload, resource, step, said) => {
  const name = workload.split('/')[1] ?? ''

  it('is put back by its guardian, all of it', async () => {
    const before = await stateOf(resource, name)
    const { out, program } = run(workload, `[${step}, { wait: 60s }]`, 'const(10,60s)')
    await program.said(/: done/)
    expect(await stateOf(resource, name)).not.toEqual(before)
    program.child.kill('SIGKILL')
    expect(await program.ended).toBe('SIGKILL')
    const log = join(out, 'guardian.log')
    await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('done after'))
    expect(readFileSync(log, 'utf8')).toContain(`${workload}: ${said}`)
    expect(await stateOf(resource, name)).toEqual(before)
  })
})
