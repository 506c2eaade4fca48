import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenLines } from '../library/check-run.ts'
import { EXPECTATIONS } from '../library/expectations.ts'
import { runFile, scenarioFile } from '../library/run-in-library.ts'

const kubeconfig = process.env['PODTANK_TEST_CLUSTER'] ?? ''
const images = process.env['PODTANK_TEST_IMAGES'] ?? 'podtank.test/'
const namespace = 'podtank-library'

const kubectl = (args: readonly string[], input?: string): string =>
  execFileSync('kubectl', ['--kubeconfig', kubeconfig, '-n', namespace, ...args], {
    encoding: 'utf8',
    ...(input !== undefined && { input }),
  })

/** A manifest of the library for the cluster: its images, their port, and a Service that is reached from outside. */
const forCluster = (manifest: string): string =>
  manifest
    .replaceAll('podtank.lab/', images)
    .replaceAll('8080', '80')
    .replace(/^( +)image: .*$/m, '$&\n$1imagePullPolicy: IfNotPresent')
    .replace('kind: Service\nmetadata: { name: web }\nspec:\n', '$&  type: NodePort\n')

/** Applies the manifests of a scenario and gives a copy of it that has none, and half the rate: nodes and load share cores. */
function deploy(name: string): string {
  const file = scenarioFile(name)
  kubectl(['apply', '-f', '-'], forCluster(readFileSync(join(dirname(file), 'web.yaml'), 'utf8')))
  kubectl(['rollout', 'status', 'deployment/web', '--timeout=120s'])
  const copy = join(mkdtempSync(join(tmpdir(), 'podtank-real-')), 'scenario.yaml')
  const text = readFileSync(file, 'utf8')
    .replace(/^manifests:.*$/m, '')
    .replace('const(100,', 'const(50,')
  writeFileSync(copy, text)
  return copy
}

beforeAll(() => {
  kubectl(['create', 'namespace', namespace])
})

afterAll(() => {
  kubectl(['delete', 'namespace', namespace, '--wait=false'])
})

describe('the library on a real Kubernetes comes to the verdict that it comes to on the lab', () => {
  it.each(EXPECTATIONS.filter((expected) => expected.onCluster))(
    '$name: $mainCause',
    async ({ name, broken, mainCause }) => {
      const where = ['--kubeconfig', kubeconfig, '-n', namespace]
      const { result } = await runFile(deploy(name), where)
      expect(result.ledger.balances).toBe(true)
      expect(brokenLines(result)).toEqual(broken)
      expect(result.causes[0]?.cause ?? 'none').toBe(mainCause)
      expect(result.notRestored).toEqual([])
    },
  )
})
