import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/report/result.ts'
import { checkRuns, type FinishedRun } from '../library/check-run.ts'
import type { Expectation } from '../library/expectations.ts'
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
async function whileKubectlRestarts(kubeconfig: string, namespace: string): Promise<FinishedRun> {
  const where = ['--kubeconfig', kubeconfig, '-n', namespace]
  const kubectl = `kubectl --kubeconfig '${kubeconfig}' -n ${namespace} rollout`
  const directory = mkdtempSync(join(folder, 'run-'))
  const program = podtank([
    ...['during', '-w', 'deployment/web', '--through', 'service/web', ...where],
    ...['--schedule', '60', '--connections', 'new', '--steady-before', '3s'],
    ...['--steady-after', '4s', '--limit', '2m', '-o', 'json', '--out', directory, '--'],
    ...['sh', '-c', `${kubectl} restart deployment/web && ${kubectl} status deployment/web`],
  ])
  const exitCode = await program.ended
  if (program.stdout() === '') throw new Error(program.stderr())
  return { exitCode, directory, result: JSON.parse(program.stdout()) as RunResult }
}

function onLab(name: string): Promise<FinishedRun> {
  const kubectl = (args: readonly string[]) =>
    execFileSync('kubectl', ['--kubeconfig', labKubeconfig, ...args], { encoding: 'utf8' })
  const namespace = `${name}-${randomBytes(3).toString('hex')}`
  kubectl(['create', 'namespace', namespace])
  kubectl(['-n', namespace, 'apply', '-f', join(dirname(scenarioFile(name)), 'web.yaml')])
  kubectl(['-n', namespace, 'rollout', 'status', 'deployment/web', '--timeout=60s'])
  return whileKubectlRestarts(labKubeconfig, namespace)
}

const onCluster = (name: string): Promise<FinishedRun> =>
  inNamespace(`during-${name}`, async (namespace) => {
    await deploy(name, namespace)
    const before = await namespaceState(namespace)
    const run = await whileKubectlRestarts(testCluster.kubeconfig, namespace)
    expect(run.result.notRestored).toEqual([])
    expect(withoutRestart(await namespaceState(namespace))).toEqual(withoutRestart(before))
    return run
  })

/** A restart is the user's own change and stays; nothing else may be other than before. */
const withoutRestart = (state: object): unknown =>
  JSON.parse(JSON.stringify(state), (key, value: unknown) =>
    key === 'kubectl.kubernetes.io/restartedAt' || isEmpty(value) ? undefined : value,
  )

const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

const CASES: readonly Expectation[] = [
  { name: 'rolling-default', broken: [], mainCause: 'none' },
  { name: 'rolling-no-prestop', broken: ['failed == 0'], mainCause: 'EXIT_BEFORE_DEREGISTER' },
]

describe('kubectl rollout restart while podtank looks on', () => {
  it.each(CASES)('$name: $mainCause, on the lab as on the cluster', async (expected) => {
    await checkRuns(() => onCluster(expected.name), expected)
    await checkRuns(() => onLab(expected.name), expected)
  })
})
