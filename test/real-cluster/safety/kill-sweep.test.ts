import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StepAction } from '../../../src/scenario/scenario.ts'
import type { TestCluster } from '../../lab/api/start-test-cluster.ts'
import { stateOf } from '../../restore/state-of.ts'
import { VICTIMS } from '../../restore/sweep-processes.ts'
import { FATES, type KillPoint, startSweepRig } from '../../restore/sweep-rig.ts'
import {
  administrator,
  createSafeNamespace,
  get,
  IMAGES,
  kubectl,
  type SafeNamespace,
} from './safe-namespace.ts'

const LANES = 2
const POINTS = 36
const nodeOf = (lane: number) => `podtank-safe-node-${lane}`

/** No kubelet: so that it can be cordoned beside other tests, and no pod ever gets there. */
const node = (lane: number) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: nodeOf(lane) } })

const namespaces: SafeNamespace[] = []

beforeAll(() => {
  for (let lane = 0; lane < LANES; lane++) {
    namespaces.push(createSafeNamespace(`podtank-safe-sweep-${lane}`))
    kubectl(['delete', 'node', nodeOf(lane), '--ignore-not-found'])
    kubectl(['create', '-f', '-'], node(lane))
  }
}, 180_000)

afterAll(() => {
  for (const [lane, namespace] of namespaces.entries()) {
    namespace.remove()
    kubectl(['delete', 'node', nodeOf(lane)])
  }
})

const steps = (lane: number): StepAction[] => [
  { type: 'scale', replicas: 1 },
  { type: 'image', image: `${IMAGES}nginx:sigterm` },
  { type: 'cordon', node: nodeOf(lane) },
]

const rigOf = (lane: number) =>
  startSweepRig({
    upstream: administrator(),
    namespace: namespaces[lane]?.name ?? '',
    workload: { kind: 'deployment', name: 'web' },
    steps: steps(lane),
  })

const reader = {
  request: async (_method: string, path: string) =>
    ({ body: await get(path) }) as Awaited<ReturnType<TestCluster['request']>>,
}

/** What must be as it was, and what is left of ours. */
async function seen(lane: number) {
  const { objects, locks } = await stateOf(reader, namespaces[lane]?.name ?? '', nodeOf(lane))
  // Taints and this annotation are the node controllers': they come when these like.
  const text = JSON.stringify(objects, (key, value: unknown) =>
    key === 'taints' || key === 'node.alpha.kubernetes.io/ttl' ? undefined : value,
  )
  return { text, locks }
}

interface Totals {
  killed: number
  readonly victims: Record<string, number>
  recoveriesKilled: number
  readonly unrestored: string[]
  readonly locksLeft: string[]
  readonly recoveryMs: number[]
}

async function sweepLane(lane: number, points: KillPoint[], totals: Totals): Promise<void> {
  const rig = await rigOf(lane)
  const before = (await seen(lane)).text
  for (let point = points.shift(); point; point = points.shift()) {
    const run = await rig.kill(point)
    if (!run.wasKilled) continue
    totals.killed++
    totals.victims[point.victim] = (totals.victims[point.victim] ?? 0) + 1
    if (run.recoveryWasKilled) totals.recoveriesKilled++
    totals.recoveryMs.push(run.recoveryMs)
    const after = await seen(lane)
    const diff = namespaces[lane]?.diff() ?? ''
    const where = `${JSON.stringify(point)} at ${run.at ?? ''} ${run.recoveryFailed}`
    if (after.text !== before || diff !== '')
      totals.unrestored.push(`${where}: ${after.text}\n${diff}`)
    if (after.locks.length > 0) totals.locksLeft.push(where)
    for (const path of after.locks) kubectl(['delete', '--raw', path])
  }
  await rig.close()
}

/** Spread over all calls of a run; victims and fates take turns, and every other death of both has a second one in the recovery. */
function pointsOf(calls: number): KillPoint[] {
  return Array.from({ length: POINTS }, (_, index) => {
    const call = 1 + Math.floor((index * calls) / POINTS)
    const victim = VICTIMS[index % VICTIMS.length] ?? 'both'
    const fate = FATES[(index + Math.floor(index / VICTIMS.length)) % FATES.length] ?? 'late'
    const isTwice = victim === 'both' && Math.floor(index / VICTIMS.length) % 2 === 1
    return {
      call,
      victim,
      fate,
      lateAt: 1 + (index % 7),
      ...(isTwice && { recoveryCall: 1 + (index % 9) }),
    }
  })
}

describe('SIGKILL all along a run on a real cluster', () => {
  it('leaves nothing changed, whoever dies, whatever becomes of the call', async () => {
    const rig = await rigOf(0)
    const whole = await rig.kill({ call: 1_000, victim: 'run', fate: 'lost' })
    await rig.close()
    expect(whole.wasKilled).toBe(false)
    expect(namespaces[0]?.diff()).toBe('')
    const totals: Totals = {
      killed: 0,
      victims: {},
      recoveriesKilled: 0,
      unrestored: [],
      locksLeft: [],
      recoveryMs: [],
    }
    const points = pointsOf(whole.victimCalls)
    const startedMs = performance.now()
    await Promise.all(Array.from({ length: LANES }, (_, lane) => sweepLane(lane, points, totals)))
    say(totals, performance.now() - startedMs)
    expect(totals.killed).toBeGreaterThanOrEqual(30)
    expect(totals.recoveriesKilled).toBeGreaterThanOrEqual(2)
    expect(totals.unrestored).toEqual([])
    // A lock that is created when everybody is dead locks nothing: the next run takes it away.
    expect(totals.locksLeft.filter((where) => !where.includes('"call":1,'))).toEqual([])
  })
})

function say(totals: Totals, tookMs: number): void {
  const sorted = totals.recoveryMs.toSorted((left, right) => left - right)
  const victims = Object.entries(totals.victims).map(([victim, count]) => `${victim} ${count}`)
  console.log(
    `kill sweep on the real cluster: unrestored ${totals.unrestored.length} of ${totals.killed} ` +
      `(${victims.join(', ')}), ${totals.recoveriesKilled} with a kill in the recovery; ` +
      `locks left ${totals.locksLeft.length}; recovery p50 ${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms, ` +
      `max ${Math.round(sorted.at(-1) ?? 0)} ms; ${Math.round(tookMs / 1_000)} s`,
  )
}
