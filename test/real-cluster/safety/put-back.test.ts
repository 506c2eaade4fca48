import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, podtank, start } from '../../support/podtank.ts'
import { startAuditProxy } from './audit-proxy.ts'
import {
  guardianOf,
  newFolder,
  startSafeRun,
  writeKubeconfig,
  writeSafeScenario,
} from './safe-run.ts'
import { createSafeNamespace, KUBECONFIG, kubectl, type SafeNamespace } from './safe-namespace.ts'

const LONG = { seconds: 60 }
const SHORT = { seconds: 2 }
const DONE = 'scale to 1: done'

let namespace: SafeNamespace
/** Of a ServiceAccount that may do everything. */
let token = ''

beforeAll(() => {
  namespace = createSafeNamespace('podtank-safe-back')
  const { name } = namespace
  kubectl(['-n', name, 'create', 'serviceaccount', 'admin'])
  kubectl(['delete', 'clusterrolebinding', name, '--ignore-not-found'])
  const subject = `--serviceaccount=${name}:admin`
  kubectl(['create', 'clusterrolebinding', name, '--clusterrole=cluster-admin', subject])
  token = kubectl(['-n', name, 'create', 'token', 'admin']).trim()
}, 180_000)

afterAll(() => {
  kubectl(['delete', 'clusterrolebinding', namespace.name])
  namespace.remove()
})

afterEach(async () => {
  expect(namespace.diff()).toBe('')
  expect(await namespace.leftovers()).toEqual([])
})

/** `podtank restore` as on another machine: another home, another directory, the kubeconfig by KUBECONFIG. */
function restoreElsewhere(...more: string[]) {
  const home = mkdtempSync(join(tmpdir(), 'podtank-elsewhere-'))
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG }
  return podtank(['restore', '-n', namespace.name, ...more], { cwd: home, env })
}

/** A run after its step, dead with all that it started; gives its id. */
async function deadRun(): Promise<string> {
  const { program, out } = startSafeRun(namespace, writeSafeScenario(LONG))
  await program.said(DONE)
  process.kill(guardianOf(out), 'SIGKILL')
  program.child.kill('SIGKILL')
  await program.ended
  const [meta = '{}'] = readFileSync(join(out, 'recording.ndjson'), 'utf8').split('\n')
  return (JSON.parse(meta) as { runId: string }).runId
}

describe('podtank restore from another machine', () => {
  it('shows what a run left that was killed with its guardian, and puts it back', async () => {
    const run = await deadRun()
    const shown = restoreElsewhere('--dry-run', '--wait', '3s')
    expect(await shown.ended).toBe(0)
    expect(shown.stdout()).toContain('deployment/web: spec.replicas put back')
    expect(await namespace.replicas()).toBe(1)
    const other = restoreElsewhere('--run', 'another')
    expect([await other.ended, other.stdout()]).toEqual([0, 'nothing to put back\n'])
    expect(await namespace.replicas()).toBe(1)
    const restored = restoreElsewhere('--run', run)
    expect([await restored.ended, restored.stderr()]).toEqual([0, restored.stderr()])
    expect(restored.stdout()).toMatch(/restored in \d+ ms\n$/)
  })

  it('touches nothing when it is interrupted while it looks whether the run is alive', async () => {
    const { program } = startSafeRun(namespace, writeSafeScenario(LONG))
    await program.said(DONE)
    const looking = restoreElsewhere('--wait', '60s')
    await looking.said('is alive')
    looking.child.kill('SIGINT')
    expect(await looking.ended).toBe(130)
    expect(await restoreElsewhere().ended).toBe(0)
    expect(await namespace.replicas()).toBe(1)
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(130)
  })
})

describe('somebody else who scales at the same time', () => {
  it('is reported and not overwritten, until somebody says so', async () => {
    const { program } = startSafeRun(namespace, writeSafeScenario(LONG))
    await program.said(DONE)
    kubectl(['-n', namespace.name, 'scale', 'deployment/web', '--replicas=3'])
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(12)
    expect(program.stdout()).toContain('somebody else has changed spec.replicas (3; it was 2)')
    expect(await namespace.replicas()).toBe(3)
    const left = restoreElsewhere()
    expect(await left.ended).toBe(12)
    expect(await namespace.replicas()).toBe(3)
    expect(await restoreElsewhere('--force').ended).toBe(0)
  })
})

describe('two runs at once on a workload', () => {
  it('are one run and one refusal', async () => {
    const runs = [1, 2].map(() => startSafeRun(namespace, writeSafeScenario({ seconds: 6 })))
    const codes = await Promise.all(runs.map(({ program }) => program.ended))
    expect(codes.filter((code) => code === 13).length).toBe(1)
    expect(codes.filter((code) => code === 0 || code === 10 || code === 11).length).toBe(1)
  })
})

describe('Ctrl-C', () => {
  it.each([
    ['the first change', 1],
    ['the way back', 2],
  ])('while %s is on its way loses nothing', async (_title, which) => {
    const proxy = await startAuditProxy()
    let writes = 0
    const held = Promise.withResolvers<undefined>()
    const reached = Promise.withResolvers<undefined>()
    proxy.before = async ({ method, isDryRun, object }) => {
      const isWrite = method === 'PATCH' && !isDryRun && object?.resource === 'deployments'
      if (!isWrite || (writes += 1) !== which) return undefined
      reached.resolve(undefined)
      return held.promise
    }
    const kubeconfig = throughProxy(proxy.url)
    const { program } = startSafeRun(namespace, writeSafeScenario({ seconds: 3 }), [], kubeconfig)
    await reached.promise
    program.child.kill('SIGINT')
    program.child.kill('SIGINT')
    held.resolve(undefined)
    expect(await program.ended).toBe(130)
    await proxy.close()
  })
})

describe('a reader that leaves', () => {
  it('neither ends the run nor keeps anything from being put back', async () => {
    const file = writeSafeScenario(SHORT)
    const command = `${process.execPath} ${BIN} run ${file} --kubeconfig ${KUBECONFIG} -n ${namespace.name} 2>&1 | head -1; exit \${PIPESTATUS[0]}`
    expect([0, 10, 11]).toContain(await start('bash', ['-c', command]).ended)
  })
})

describe('credentials', () => {
  it('of an exec plugin serve the run and its guardian, once each', async () => {
    const folder = newFolder()
    const plugin = join(folder, 'plugin')
    const started = join(folder, 'started')
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token },
    }
    writeFileSync(
      plugin,
      `#!/bin/sh\necho x >>${started}\ncat <<END\n${JSON.stringify(credential)}\nEND\n`,
    )
    chmodSync(plugin, 0o755)
    const { apiVersion } = credential
    const exec = { apiVersion, command: plugin, interactiveMode: 'Never' }
    const kubeconfig = writeKubeconfig({ user: { exec } })
    const { program } = startSafeRun(namespace, writeSafeScenario(SHORT), [], kubeconfig)
    expect([0, 10, 11], program.stderr()).toContain(await program.ended)
    expect(readFileSync(started, 'utf8')).toBe('x\nx\n')
  })

  it('that expire in the middle of a run: exit 12 and the command, which then puts back', async () => {
    const proxy = await startAuditProxy()
    const kubeconfig = throughProxy(proxy.url)
    const { program } = startSafeRun(namespace, writeSafeScenario(LONG), [], kubeconfig)
    await program.said(DONE)
    proxy.before = () => Promise.resolve(401)
    program.child.kill('SIGINT')
    await program.said('restor')
    // Signals of one kind that come at once count once.
    program.child.kill('SIGTERM')
    program.child.kill('SIGHUP')
    expect(await program.ended).toBe(12)
    expect(program.stdout()).toMatch(/podtank restore --run \w+ /)
    expect(await namespace.replicas()).toBe(1)
    expect(await restoreElsewhere().ended).toBe(0)
    await proxy.close()
  })
})

const throughProxy = (server: string) => writeKubeconfig({ server, user: { token } })
