import { globSync, mkdtempSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { allGone, podtank, type Program, until, writeScenario } from '../support/podtank.ts'

const LONG = {
  steps: '[{ wait: 300ms }, { scale: { replicas: 1 } }, { wait: 60s }]',
  load: `{ schedule: 'const(10,60s)' }`,
}
const SHORT = {
  steps: '[{ wait: 300ms }, { scale: { replicas: 1 } }, { wait: 300ms }]',
  load: `{ schedule: 'const(10,1s)' }`,
}

const DEPLOYMENT = '/apis/apps/v1/namespaces/default/deployments/web'
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases'

/** A lab that outlives the runs. */
let lab: Program
let kubeconfig = ''
let server = ''

beforeAll(async () => {
  lab = podtank(['lab', 'up'], { marker: 'restore-lab' })
  await lab.said('The lab runs at')
  await until(() => lab.stdout().includes('KUBECONFIG='))
  kubeconfig = /KUBECONFIG=(\S+)/.exec(lab.stdout())?.[1] ?? ''
  server = /The lab runs at (\S+)\./.exec(lab.stderr())?.[1] ?? ''
  const [deployment = '', service = ''] = readFileSync(
    join(writeScenario({ steps: '[]' }), '..', 'web.yaml'),
    'utf8',
  ).split('---\n')
  await send('POST', '/apis/apps/v1/namespaces/default/deployments', deployment)
  await send('POST', '/api/v1/namespaces/default/services', service)
})

afterAll(async () => {
  lab.child.kill('SIGTERM')
  await lab.ended
  await allGone('restore-lab')
})

beforeEach(async () => {
  expect(await stateNow()).toEqual(CLEAN)
})

const CLEAN = { replicas: 3, ours: [], locks: 0 }

async function send(method: string, path: string, body: string, type = 'application/yaml') {
  const answer = await fetch(`${server}${path}`, {
    method,
    headers: { 'content-type': type },
    body,
  })
  expect(answer.status).toBeLessThan(300)
}

async function stateNow() {
  const get = async (path: string) => (await (await fetch(`${server}${path}`)).json()) as unknown
  const { metadata, spec } = (await get(DEPLOYMENT)) as {
    metadata: { annotations?: Record<string, string> }
    spec: { replicas: number }
  }
  const { items } = (await get(LEASES)) as { items: unknown[] }
  const names = Object.keys(metadata.annotations ?? {})
  return {
    replicas: spec.replicas,
    ours: names.filter((name) => name.startsWith('podtank')),
    locks: items.length,
  }
}

async function stateBecomes(wanted: unknown): Promise<void> {
  const deadline = performance.now() + 20_000
  while (performance.now() < deadline) {
    if (JSON.stringify(await stateNow()) === JSON.stringify(wanted)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(await stateNow()).toEqual(wanted)
}

interface Running {
  readonly program: Program
  readonly out: string
  readonly guardianPid: number
}

/** A run whose step has been taken, with its guardian. */
async function disrupted(): Promise<Running> {
  const out = join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run')
  const program = run(LONG, out)
  await program.said('scale to 1: done')
  expect(await stateNow()).toMatchObject({ replicas: 1, locks: 1 })
  return { program, out, guardianPid: guardianOf(out) }
}

const run = (scenario: typeof LONG, out: string, ...more: string[]) =>
  podtank(['run', writeScenario(scenario), '--kubeconfig', kubeconfig, '--out', out, ...more])

const restore = (...more: string[]) =>
  podtank(['restore', '--kubeconfig', kubeconfig, '--wait', '1s', ...more])

function guardianOf(out: string): number {
  for (const path of globSync('/proc/[0-9]*/cmdline')) {
    try {
      const command = readFileSync(path, 'latin1')
      if (command.includes('guardian-main') && command.includes(out)) {
        return Number(path.split('/')[2])
      }
    } catch {
      // A process that has just ended.
    }
  }
  throw new Error('there is no guardian')
}

describe('when the run is killed', () => {
  it('its guardian puts back, and says what it did', async () => {
    const { program, out } = await disrupted()
    program.child.kill('SIGKILL')
    expect(await program.ended).toBe('SIGKILL')
    await stateBecomes(CLEAN)
    expect(readFileSync(join(out, 'guardian.log'), 'utf8')).toContain('spec.replicas put back')
  })

  it('and its guardian too, podtank restore puts back, once', async () => {
    const { program, guardianPid } = await disrupted()
    process.kill(guardianPid, 'SIGKILL')
    program.child.kill('SIGKILL')
    await program.ended
    const shown = restore('--dry-run')
    expect(await shown.ended).toBe(0)
    expect(shown.stdout()).toContain('dry run')
    expect(await stateNow()).toMatchObject({ replicas: 1 })
    const first = restore()
    expect(await first.ended).toBe(0)
    expect(first.stdout()).toContain('deployment/web: spec.replicas put back')
    expect(first.stdout()).toMatch(/restored in \d+ ms\n$/)
    expect(await stateNow()).toEqual(CLEAN)
    const second = restore()
    expect(await second.ended).toBe(0)
    expect(second.stdout()).toBe('nothing to put back\n')
  })

  it('and its guardian too, the next run puts back first', async () => {
    const { program, guardianPid } = await disrupted()
    process.kill(guardianPid, 'SIGKILL')
    program.child.kill('SIGKILL')
    await program.ended
    const out = join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run')
    const next = run(SHORT, out)
    await next.ended
    expect(next.stderr()).toContain('deployment/web: spec.replicas put back')
    expect(await stateNow()).toEqual(CLEAN)
    expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toMatchObject({
      notRestored: [],
    })
  })
})

describe('podtank restore', () => {
  it('says when there is no such namespace, rather than that nothing is left in it', async () => {
    const nowhere = restore('-n', 'shpo')
    expect(await nowhere.ended).toBe(3)
    expect(nowhere.stderr()).toContain('there is no namespace "shpo"')
    const here = restore()
    expect([await here.ended, here.stdout()]).toEqual([0, 'nothing to put back\n'])
    expect(await stateNow()).toEqual(CLEAN)
  })
})

describe('when the guardian is killed', () => {
  it('the run stops, and puts back itself', async () => {
    const { program, guardianPid } = await disrupted()
    process.kill(guardianPid, 'SIGKILL')
    expect(await program.ended).toBe(16)
    expect(program.stdout()).toContain('guardian')
    expect(await stateNow()).toEqual(CLEAN)
  })
})

describe('a run', () => {
  it('that meets a foreign change ends with 12, and leaves it', async () => {
    const { program } = await disrupted()
    const scale = '{"spec":{"replicas":2}}'
    await send('PATCH', `${DEPLOYMENT}/scale`, scale, 'application/merge-patch+json')
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(12)
    expect(await stateNow()).toMatchObject({ replicas: 2, locks: 1 })
    const left = restore()
    expect(await left.ended).toBe(12)
    expect(left.stdout()).toContain('somebody else has changed spec.replicas (2; it was 3)')
    expect(await restore('--force').ended).toBe(0)
    expect(await stateNow()).toEqual(CLEAN)
  })

  it('is refused while another is at work on the same workload', async () => {
    const { program } = await disrupted()
    const second = run(SHORT, join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run'))
    expect(await second.ended).toBe(13)
    expect(second.stderr()).toContain('is at work on deployment/web')
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(130)
    expect(await stateNow()).toEqual(CLEAN)
  })

  it('ends at the third Ctrl-C however the API server hangs, and its guardian puts back', async () => {
    const { program, out } = await disrupted()
    const hang = { on: { verbs: ['patch'], resource: 'deployments' }, fault: { kind: 'hang' } }
    const faults = (rules: readonly unknown[]) =>
      send('PUT', '/podtank.lab/faults', JSON.stringify({ rules }))
    await faults([{ ...hang, count: 'all' }])
    program.child.kill('SIGINT')
    await program.said('restor')
    program.child.kill('SIGINT')
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(12)
    expect(program.stdout()).toMatch(/podtank restore --run \w+ --context \S+ -n default/)
    expect(await stateNow()).toMatchObject({ replicas: 1, locks: 1 })
    await faults([])
    await stateBecomes(CLEAN)
    expect(readFileSync(join(out, 'guardian.log'), 'utf8')).toContain('spec.replicas put back')
  })

  it('that a guard refuses ends with 13 and has changed nothing', async () => {
    const out = join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run')
    const refused = run(SHORT, out, '--confirm', 'another-context')
    expect(await refused.ended).toBe(13)
    expect(await stateNow()).toEqual(CLEAN)
  })

  it('listens on no socket, nor does its guardian', async () => {
    const { program, guardianPid } = await disrupted()
    // The load warms up against a listener of its own on loopback, which it closes again.
    await until(() => listening(program.pid).length + listening(guardianPid).length === 0)
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(143)
  })
})

/** Inodes of the TCP sockets that a process listens on. */
function listening(pid: number): string[] {
  const own = globSync(`/proc/${pid}/fd/*`).flatMap((path) => {
    try {
      return readlinkSync(path)
    } catch {
      return []
    }
  })
  return ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/${pid}/net/${name}`, 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && own.includes(`socket:[${fields[9] ?? ''}]`))
      .map((fields) => fields[1] ?? ''),
  )
}
