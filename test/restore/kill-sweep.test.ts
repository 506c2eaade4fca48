import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StepAction } from '../../src/scenario/scenario.ts'
import { startTestCluster, type TestCluster } from '../lab/api/start-test-cluster.ts'
import { type Victim, VICTIMS } from './sweep-processes.ts'
import { FATES, type KillPoint, startSweepRig } from './sweep-rig.ts'
import { stateOf } from './state-of.ts'
import { webDeployment } from '../support/web-deployment.ts'

const LANES = 2

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster(1, LANES)
})

afterAll(() => cluster.close())

const deployment = webDeployment(2)

const stepsOn = (node: string): StepAction[] => [
  { type: 'scale', replicas: 1 },
  { type: 'image', image: 'web:2' },
  { type: 'cordon', node },
]

interface Totals {
  points: number
  unrestored: string[]
  locksLeft: string[]
  perVictim: Record<string, number>
  recoveriesKilled: number
  recoveryMs: number[]
}

/** One lane: a namespace and a node of its own. Takes points until there are none. */
async function sweepLane(lane: number, points: KillPoint[], totals: Totals) {
  const namespace = `sweep-${lane}`
  const node = nodeOf(lane)
  await cluster.request('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
  await cluster.request('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment)
  const rig = await startSweepRig({
    upstream: { url: cluster.url },
    namespace,
    workload: { kind: 'deployment', name: 'web' },
    steps: stepsOn(node),
  })
  const before = await stateOf(cluster, namespace, node)
  for (let point = points.shift(); point; point = points.shift()) {
    const run = await rig.kill(point)
    if (!run.wasKilled) continue
    totals.points++
    totals.perVictim[point.victim] = (totals.perVictim[point.victim] ?? 0) + 1
    if (run.recoveryWasKilled) totals.recoveriesKilled++
    totals.recoveryMs.push(run.recoveryMs)
    const after = await stateOf(cluster, namespace, node)
    const where = `${JSON.stringify(point)} at ${run.at ?? ''} ${run.recoveryFailed}`
    if (JSON.stringify(after.objects) !== JSON.stringify(before.objects)) {
      totals.unrestored.push(`${where}: ${JSON.stringify(after.objects)}`)
    }
    if (after.locks.length > 0) {
      totals.locksLeft.push(where)
      for (const path of after.locks) await cluster.request('DELETE', path)
    }
  }
  await rig.close()
}

const nodeOf = (lane: number): string =>
  cluster.store.list('nodes')[lane]?.metadata.name ?? 'missing'

// What else can become of the call is swept on the lab's own fault plan; here it arrives at a call of the recovery.
describe('SIGKILL at every call of a run', () => {
  it('leaves nothing changed, whoever dies, whenever in the recovery the call arrives', async () => {
    const calls = await callsOfAWholeRun()
    const points: KillPoint[] = []
    for (let call = 1; call <= calls; call++) {
      for (const victim of VICTIMS) {
        const fate = (points.length + call) % 2 === 0 ? 'late' : 'very-late'
        points.push({ call, victim, fate, lateAt: 1 + (call % 7) })
      }
    }
    const totals = await sweep(points)
    expect(totals.points).toBeGreaterThanOrEqual(60)
    expect(totals.unrestored).toEqual([])
    // A lock that is created after everybody is dead; nothing is changed under it, and the next run takes it away.
    expect(totals.locksLeft.filter((where) => !where.includes('"call":1,'))).toEqual([])
  }, 1_200_000)

  it('and of the recovery after it leaves nothing changed either', async () => {
    const calls = await callsOfAWholeRun()
    const points: KillPoint[] = []
    for (const share of [0.3, 0.5, 0.7]) {
      for (let recoveryCall = 1; recoveryCall <= 14; recoveryCall++) {
        const fate = FATES[recoveryCall % FATES.length] ?? 'lost'
        const call = Math.round(calls * share) + (recoveryCall % 2)
        points.push({ call, victim: 'both', fate, lateAt: recoveryCall, recoveryCall })
      }
    }
    const totals = await sweep(points)
    expect(totals.recoveriesKilled).toBeGreaterThanOrEqual(20)
    expect(totals.unrestored).toEqual([])
  }, 1_200_000)
})

/** How many calls a run makes that nobody kills. */
async function callsOfAWholeRun(): Promise<number> {
  const namespace = 'whole'
  await cluster.request('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
  await cluster.request('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment)
  const rig = await startSweepRig({
    upstream: { url: cluster.url },
    namespace,
    workload: { kind: 'deployment', name: 'web' },
    steps: stepsOn(nodeOf(0)),
  })
  const run = await rig.kill({ call: 1_000, victim: 'run', fate: 'lost' })
  await rig.close()
  expect(run.wasKilled).toBe(false)
  return run.victimCalls
}

async function sweep(points: KillPoint[]): Promise<Totals> {
  const totals: Totals = {
    points: 0,
    unrestored: [],
    locksLeft: [],
    perVictim: {},
    recoveriesKilled: 0,
    recoveryMs: [],
  }
  const startedMs = performance.now()
  await Promise.all(Array.from({ length: LANES }, (_, lane) => sweepLane(lane, points, totals)))
  const sorted = totals.recoveryMs.toSorted((left, right) => left - right)
  const victims = Object.entries(totals.perVictim)
    .map(([victim, count]) => `${victim as Victim} ${count}`)
    .join(', ')
  console.log(
    `kill sweep: unrestored ${totals.unrestored.length} of ${totals.points} (${victims}), ` +
      `${totals.recoveriesKilled} of them with a kill in the recovery; locks left ${totals.locksLeft.length}; ` +
      `recovery p50 ${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms, ` +
      `max ${Math.round(sorted.at(-1) ?? 0)} ms; ${Math.round((performance.now() - startedMs) / 1_000)} s`,
  )
  for (const text of totals.unrestored) console.log(`unrestored: ${text}`)
  return totals
}
