import { afterAll, describe, expect, it } from 'vitest'
import { checkRuns } from '../library/check-run.ts'
import { comparisonLines } from '../library/comparison.ts'
import { EXPECTATIONS, type Expectation } from '../library/expectations.ts'
import { inTurns } from '../library/in-turns.ts'
import { keepMeasured, type MeasuredRun, measuredRun, readMeasured } from '../library/measured.ts'
import { nodeState } from './cluster-state.ts'
import { inNamespace, runOnCluster } from './run-on-cluster.ts'
import { type ClusterFeatures, readFeatures, testCluster } from './test-cluster.ts'

/** Keeps the figures for docs/fidelity.md and docs/scenarios.md, which the pages' tests then write with `-u`. */
const RECORDS = process.env['PODTANK_LIBRARY_RECORD'] === '1'

const features = readFeatures()
const measured: Record<string, MeasuredRun> = {}

const missing = ({ clusterNeeds = [] }: Expectation, { ingress, nodes }: ClusterFeatures) => [
  ...(clusterNeeds.includes('ingress') && !ingress
    ? [`an IngressClass ${testCluster.ingressClass}`]
    : []),
  ...(clusterNeeds.includes('two nodes') && nodes < 2 ? ['a second node'] : []),
]

/** Names of scenarios, with commas; absent: all that can run on a cluster. */
const chosen = process.env['PODTANK_TEST_SCENARIOS']?.split(',')

const onCluster = EXPECTATIONS.filter(
  ({ name, onLabOnly }) => onLabOnly !== true && (chosen?.includes(name) ?? true),
)
/**
 * A node is everybody's: whoever cordons one runs alone. So does a DaemonSet: on two nodes a pod that others starve is half
 * of the traffic, and what waits in its backlog is cut with it instead of turned away after it.
 */
const ALONE: ReadonlySet<string> = new Set(['drain-node', 'daemonset-restart'])
const alone = onCluster.filter(({ name }) => ALONE.has(name))
const together = onCluster.filter((expected) => !alone.includes(expected))

async function check(expected: Expectation, skip: (why: string) => void): Promise<void> {
  const lacks = missing(expected, features)
  if (lacks.length > 0) skip(`this cluster has not: ${lacks.join(', ')}`)
  const inItsNamespace = () =>
    inNamespace(expected.name, async (namespace) => {
      const run = await runOnCluster(expected.name, namespace)
      measured[expected.name] = measuredRun(run)
      if (RECORDS) await keepMeasured('cluster', expected.name, '1', run)
      expect(run.result.notRestored).toEqual([])
      expect(run.after).toEqual(run.before)
      return run
    })
  await checkRuns(inItsNamespace, expected)
}

describe.concurrent('the library comes to the same on a real Kubernetes as on the lab', () => {
  it.for(inTurns(together))('$name: $mainCause', (expected, { skip }) => check(expected, skip))
})

describe('on a real Kubernetes, alone', () => {
  it.for(alone)('$name: $mainCause', async (expected, { skip }) => {
    const before = await nodeState()
    await check(expected, skip)
    expect(await nodeState()).toEqual(before)
  })
})

afterAll(() => {
  console.log(comparisonLines(readMeasured('lab')?.runs ?? {}, measured).join('\n'))
})
