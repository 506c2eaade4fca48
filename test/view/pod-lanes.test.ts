import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PodLane } from '../../src/view/state/pod-lane.ts'
import { PodLanes } from '../../src/view/state/pod-lanes.ts'

const lane = (uid: string, restarts: number): PodLane => ({
  name: `pod-${uid}`,
  uid,
  isReady: true,
  hasImages: true,
  isStarted: true,
  spans: [],
  graceSeconds: 30,
  restarts,
  failedAtUs: [],
  failed: 0,
})

it('holds what a map would, in its order, in every version that was ever made', () => {
  // Each change goes on from any earlier version, so versions fork as well.
  const change = fc.record({ from: fc.nat(), uid: fc.integer({ min: 0, max: 200 }) })
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 300 }), (changes) => {
      const versions = [{ lanes: PodLanes.none(), map: new Map<string, PodLane>() }]
      for (const [at, { from, uid }] of changes.entries()) {
        const base = versions[from % versions.length]
        if (!base) throw new Error('no version')
        const next = lane(String(uid), at)
        versions.push({ lanes: base.lanes.with(next), map: new Map(base.map).set(next.uid, next) })
      }
      for (const { lanes, map } of versions) {
        expect(lanes.size).toBe(map.size)
        expect([...lanes.values()]).toEqual([...map.values()])
        for (let uid = 0; uid <= 200; uid += 20)
          expect(lanes.get(String(uid))).toBe(map.get(String(uid)))
      }
    }),
    { numRuns: 50 },
  )
})

it('takes 10,000 pods and 10,000 changes of them in well under what copying a map would', () => {
  let lanes = PodLanes.none()
  const startedMs = performance.now()
  for (let change = 0; change < 20_000; change++)
    lanes = lanes.with(lane(String(change % 10_000), change))
  expect(lanes.size).toBe(10_000)
  // Copying a map of 10,000 for each of them takes many seconds.
  expect(performance.now() - startedMs).toBeLessThan(2_000)
})
