import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totalOf } from '../load/run-load.ts'
import type { HostileBehaviour } from './behaviour.ts'
import { promptBehaviours, silentBehaviours } from './behaviours.ts'
import { type BehavioursRun, type Engine, runBehaviours } from './run-behaviours.ts'

const MIXES = [
  // The time-out is out of the way on a busy machine where it is not what is tested.
  { mix: 'prompt', mixed: promptBehaviours, timeoutUs: 30_000_000 },
  { mix: 'silent', mixed: silentBehaviours, timeoutUs: 1_000_000 },
] as const

const SCENES = (['GET', 'POST'] as const).flatMap((method) =>
  (['new', 'reused'] as const).flatMap((on) => MIXES.map((mix) => ({ method, on, ...mix }))),
)

/** What the process may grow by over all scenes, the server and its 30,000 requests in it. */
const MAX_GROWTH_BYTES = 768 * 1_048_576

/** How much of each behaviour an engine meets. */
export interface Dose {
  readonly timesEach: number
  /** What the engine can bear of connections that die. */
  readonly eachPerSecond: number
}

/** The whole suite of HTTP/1.1 behaviours, for one engine. */
export function checkEngine(engine: Engine, dose: Dose): void {
  const before = { rss: 0 }
  beforeAll(() => {
    before.rss = process.memoryUsage().rss
  })
  afterAll(() => {
    expect(process.memoryUsage().rss - before.rss).toBeLessThan(MAX_GROWTH_BYTES)
  })

  describe.each(SCENES)('a $method on a $on connection, $mix behaviours', (scene) => {
    const met = scene.mixed.filter(({ on }) => scene.on === 'new' || on === 'any')
    const did: { all?: BehavioursRun } = {}
    const all = () => {
      if (!did.all) throw new Error('the load did not end')
      return did.all
    }

    beforeAll(async () => {
      did.all = await runBehaviours({ ...scene, ...dose, engine, behaviours: met })
    }, 120_000)

    it('is sent once, seen once and ends once', () => {
      expectOnce(all())
      if (scene.on === 'new') expect(all().connections).toBe(all().run.planned)
    })

    it('is ok when the server answers well in between', () => {
      expect(all().goodFailures).toEqual([])
    })

    it.each(met)('meets $name: always its class', (behaviour: HostileBehaviour) => {
      const { outcome, facts } = expectedOf(behaviour, engine)
      const failures = all().failures(behaviour)
      const misdeeds = all().misdeeds(behaviour)
      expect(misdeeds).toBeGreaterThanOrEqual(dose.timesEach)
      expect(outcomesOf(failures)).toEqual(outcome === 'ok' ? {} : { [outcome]: misdeeds })
      for (const failure of failures) {
        expect(failure).toMatchObject({ method: scene.method, connection: scene.on, ...facts })
      }
    })
  })
}

function expectOnce({ run, seenSeqs }: BehavioursRun): void {
  expect(run.end).toEqual({ unlisted: {} })
  expect(run.notSent).toEqual({})
  expect([run.due, run.sent, totalOf(run.outcomes)]).toEqual(Array(3).fill(run.planned))
  expect(run.failures).toHaveLength(run.planned - (run.outcomes['ok'] ?? 0))
  expect(seenSeqs).toHaveLength(run.planned)
  expect(new Set(seenSeqs).size).toBe(run.planned)
}

const expectedOf = (behaviour: HostileBehaviour, engine: Engine) =>
  engine === 'undici' ? (behaviour.undici ?? behaviour.expected) : behaviour.expected

const outcomesOf = (failures: readonly { readonly outcome: string }[]) =>
  Object.fromEntries(
    [...Map.groupBy(failures, ({ outcome }) => outcome)].map(([outcome, all]) => [
      outcome,
      all.length,
    ]),
  )
