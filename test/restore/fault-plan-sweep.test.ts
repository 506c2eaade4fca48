import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../src/lab/api/faults/fault.ts'
import { startTestCluster, type TestCluster } from '../lab/api/start-test-cluster.ts'
import { stateOf } from './state-of.ts'
import { DEPLOYMENT, STATEFUL_SET, type Sweep } from './sweeps.ts'
import {
  guardianOf,
  killAll,
  kubeconfigFor,
  start,
  type Victim,
  VICTIMS,
} from './sweep-processes.ts'
import type { VictimTask } from './victim.ts'
import { webDeployment } from '../support/web-deployment.ts'

const LANES = 2
const NAMESPACE = 'default'
const APPS = `/apis/apps/v1/namespaces/${NAMESPACE}`

/** What the lab's fault plan makes of the call at which the kill happens. */
const FATES: readonly ((victim: Victim, lateMs: number) => Fault)[] = [
  // Who lives on must not have to wait for an answer.
  (victim, lateMs) => ({ kind: 'late', lateMs, seen: victim === 'guardian' ? 'drop' : 'hang' }),
  (victim) => ({ kind: victim === 'guardian' ? 'drop' : 'hang', applied: true }),
  (victim) => ({ kind: victim === 'guardian' ? 'drop' : 'hang' }),
]
/** From the middle of a recovery to after its end. */
const LATE_MS = [30, 100, 200, 400, 700, 1_100]

interface Point {
  readonly call: number
  readonly victim: Victim
  readonly fault: Fault
}

let lanes: TestCluster[] = []
const folder = mkdtempSync(join(tmpdir(), 'podtank-plan-sweep-'))

beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, () => startTestCluster()))
  const deployment = webDeployment(2)
  const spec = { ...deployment.spec, serviceName: 'web' }
  for (const cluster of lanes) {
    await cluster.request('POST', `${APPS}/deployments`, deployment)
    await cluster.request('POST', `${APPS}/statefulsets`, {
      ...deployment,
      kind: 'StatefulSet',
      spec,
    })
  }
})

afterAll(async () => {
  for (const cluster of lanes) await cluster.close()
})

const nodeOf = (cluster: TestCluster): string =>
  cluster.store.list('nodes')[0]?.metadata.name ?? 'missing'

/** Runs the victim until the plan strikes, kills, and lets the guardian or another process recover. */
async function killAt(
  cluster: TestCluster,
  { kind, ...sweep }: Sweep,
  point: Point,
  number: number,
): Promise<boolean> {
  const steps = sweep.steps.map((step) =>
    step.type === 'cordon' ? { ...step, node: nodeOf(cluster) } : step,
  )
  const guardianKubeconfig = join(folder, `kubeconfig-${lanes.indexOf(cluster)}`)
  writeFileSync(guardianKubeconfig, kubeconfigFor(cluster.url))
  const task: VictimTask = {
    apiUrl: cluster.url,
    guardianKubeconfig,
    logPath: join(folder, `${number}.log`),
    namespace: NAMESPACE,
    workload: { kind, name: 'web' },
    steps,
    run: `plan-${kind}-${number}`,
  }
  cluster.faults.set([{ on: {}, from: point.call, fault: point.fault }])
  const child = start('victim.ts', [JSON.stringify(task)])
  const guardian = guardianOf(child)
  const life = { hasEnded: false }
  void child.ended.then(() => (life.hasEnded = true))
  while (cluster.faults.injected().length === 0 && !life.hasEnded) await sleep(2)
  const [struck] = cluster.faults.injected()
  const pid = guardian.pid()
  const isKilled = struck !== undefined && (point.victim !== 'guardian' || pid !== undefined)
  if (isKilled) await killAll(point.victim, child, pid)
  await child.ended
  const isGuarded = pid !== undefined && (point.victim === 'run' || point.victim === 'group')
  if (!isKilled || isGuarded) await guardian.gone()
  else await start('recoverer.ts', [cluster.url, NAMESPACE]).ended
  if (struck?.kind === 'late') while (struck.appliedAtUs === undefined) await sleep(10)
  cluster.faults.set([])
  return isKilled
}

/** How many calls a run makes that nobody kills: a fault that waits for a later one never strikes. */
async function callsOfAWholeRun(sweep: Sweep): Promise<number> {
  const [cluster] = lanes
  if (!cluster) throw new Error('there is no lane')
  const before = cluster.requests.length
  const fault: Fault = { kind: 'hang' }
  expect(await killAt(cluster, sweep, { call: 1_000, victim: 'run', fault }, 0)).toBe(false)
  // The guardian's look at the version is about no object, and no rule is about it.
  return cluster.requests.length - before - 1
}

function pointsOf({ points }: Sweep, calls: number): Point[] {
  const all = Array.from({ length: calls }, (_, before) => before + 1).flatMap((call) =>
    VICTIMS.flatMap((victim, at) => {
      const lateMs = LATE_MS[(call + at) % LATE_MS.length] ?? 100
      return FATES.map((fate, turn) => ({
        call,
        victim,
        fault: fate(victim, lateMs),
        isTaken: (call + at) % 2 === 0 && (call + (at >> 1)) % FATES.length === turn,
      }))
    }),
  )
  return points === 'all' ? all : all.filter(({ isTaken }) => isTaken)
}

interface Totals {
  killed: number
  late: number
  readonly unrestored: string[]
  readonly locksLeft: string[]
}

async function sweepLane(
  cluster: TestCluster,
  sweep: Sweep,
  points: Point[],
  totals: Totals,
): Promise<void> {
  const look = () => stateOf(cluster, NAMESPACE, nodeOf(cluster), sweep.resource)
  const before = JSON.stringify((await look()).objects)
  for (let point = points.shift(); point; point = points.shift()) {
    if (!(await killAt(cluster, sweep, point, 1 + points.length))) continue
    totals.killed++
    if (point.fault.kind === 'late') totals.late++
    const after = await look()
    const text = JSON.stringify(after.objects)
    if (text !== before) totals.unrestored.push(`${JSON.stringify(point)}: ${text}`)
    if (after.locks.length > 0) totals.locksLeft.push(JSON.stringify(point))
    for (const path of after.locks) await cluster.request('DELETE', path)
  }
}

describe('SIGKILL at every call of a run, on the lab’s fault plan', () => {
  it.each([DEPLOYMENT, STATEFUL_SET])(
    'leaves no $kind changed, also where the call takes effect later',
    async (sweep) => {
      const calls = await callsOfAWholeRun(sweep)
      const points = pointsOf(sweep, calls)
      const totals: Totals = { killed: 0, late: 0, unrestored: [], locksLeft: [] }
      const startedMs = performance.now()
      await Promise.all(lanes.map((cluster) => sweepLane(cluster, sweep, points, totals)))
      console.log(
        `kill sweep of a ${sweep.kind} on the fault plan: unrestored ${totals.unrestored.length} of ${totals.killed}, ` +
          `${totals.late} of them with a late call; locks left ${totals.locksLeft.length}; ` +
          `${Math.round((performance.now() - startedMs) / 1_000)} s`,
      )
      expect(totals.killed).toBeGreaterThanOrEqual(sweep.leastKilled)
      expect(totals.late).toBeGreaterThanOrEqual(sweep.leastLate)
      expect(totals.unrestored).toEqual([])
      // A lock that is created when everybody is dead locks nothing: the next run takes it away.
      expect(totals.locksLeft.filter((where) => !where.includes('"call":1,'))).toEqual([])
    },
    1_200_000,
  )
})
