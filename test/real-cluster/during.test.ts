import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/report/result.ts'
import { brokenLines } from '../library/check-run.ts'
import { scenarioFile } from '../library/run-in-library.ts'
import { allGone, podtank, type Program, until } from '../support/podtank.ts'
import { namespaceState } from './cluster-state.ts'
import { deploy, inNamespace } from './run-on-cluster.ts'
import { testCluster } from './test-cluster.ts'

const LAB = 'during-on-lab'
const folder = mkdtempSync(join(tmpdir(), 'podtank-during-'))

let lab: Program
let labKubeconfig = ''

beforeAll(async () => {
  lab = podtank(['lab', 'up'], { marker: LAB })
  await lab.said('The lab runs at')
  await until(() => lab.stdout().includes('\n'))
  labKubeconfig = /KUBECONFIG=(\S+)/.exec(lab.stdout())?.[1] ?? ''
})

afterAll(async () => {
  lab.child.kill('SIGTERM')
  await lab.ended
  await allGone(LAB)
  rmSync(folder, { recursive: true })
})

/** Load and watch while kubectl itself restarts the Deployment and waits for its rollout. */
async function whileKubectlRestarts(kubeconfig: string, namespace: string): Promise<RunResult> {
  const where = ['--kubeconfig', kubeconfig, '-n', namespace]
  const kubectl = `kubectl --kubeconfig '${kubeconfig}' -n ${namespace} rollout`
  const program = podtank([
    ...['during', '-w', 'deployment/web', '--through', 'service/web', ...where],
    ...['--schedule', '60', '--connections', 'new', '--steady-before', '3s'],
    ...['--steady-after', '4s', '--limit', '2m', '-o', 'json'],
    ...['--out', mkdtempSync(join(folder, 'run-')), '--'],
    ...['sh', '-c', `${kubectl} restart deployment/web && ${kubectl} status deployment/web`],
  ])
  await program.ended
  if (program.stdout() === '') throw new Error(program.stderr())
  return JSON.parse(program.stdout()) as RunResult
}

function onLab(name: string): Promise<RunResult> {
  const kubectl = (args: readonly string[]) =>
    execFileSync('kubectl', ['--kubeconfig', labKubeconfig, ...args], { encoding: 'utf8' })
  kubectl(['create', 'namespace', name])
  kubectl(['-n', name, 'apply', '-f', join(dirname(scenarioFile(name)), 'web.yaml')])
  kubectl(['-n', name, 'rollout', 'status', 'deployment/web', '--timeout=60s'])
  return whileKubectlRestarts(labKubeconfig, name)
}

const conclusion = (result: RunResult) => ({
  broken: brokenLines(result),
  mainCause: result.causes[0]?.cause ?? 'none',
})

/** A restart is the user's own change and stays; nothing else may be other than before. */
const withoutRestart = (state: object): unknown =>
  JSON.parse(JSON.stringify(state), (key, value: unknown) =>
    key === 'kubectl.kubernetes.io/restartedAt' || isEmpty(value) ? undefined : value,
  )

const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

describe('kubectl rollout restart while podtank looks on', () => {
  it.each([
    { name: 'rolling-default', broken: [], mainCause: 'none' },
    {
      name: 'rolling-no-prestop',
      broken: ['failed == 0'],
      mainCause: 'EXIT_BEFORE_DEREGISTER',
    },
  ])('$name: $mainCause, on the lab as on the cluster', async ({ name, ...expected }) => {
    await inNamespace(`during-${name}`, async (namespace) => {
      await deploy(name, namespace)
      const before = await namespaceState(namespace)
      const real = await whileKubectlRestarts(testCluster.kubeconfig, namespace)
      expect(real.ledger.balances).toBe(true)
      expect(conclusion(real)).toEqual(expected)
      expect(real.notRestored).toEqual([])
      expect(withoutRestart(await namespaceState(namespace))).toEqual(withoutRestart(before))
    })
    expect(conclusion(await onLab(name))).toEqual(expected)
  })
})
