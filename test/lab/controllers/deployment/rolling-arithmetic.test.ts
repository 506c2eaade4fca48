import { describe, expect, test } from 'vitest'
import type { RolloutMember } from '../../../../src/lab/controllers/deployment/rolling-arithmetic.ts'
import {
  newReplicas,
  rollingBounds,
  shrunkOldReplicas,
} from '../../../../src/lab/controllers/deployment/rolling-arithmetic.ts'
import { deployment } from '../manifests.ts'

const bounds = (replicas: number, maxSurge: number | string, maxUnavailable: number | string) =>
  rollingBounds(
    deployment('web', replicas, { strategy: { rollingUpdate: { maxSurge, maxUnavailable } } }).spec,
  )

const member = (name: string, replicas: number, availableReplicas = replicas): RolloutMember => ({
  name,
  replicas,
  availableReplicas,
})

test.each([
  [1, '25%', '25%', 1, 0],
  [2, '25%', '25%', 1, 0],
  [3, '25%', '25%', 1, 0],
  [4, '25%', '25%', 1, 1],
  [5, '25%', '25%', 2, 1],
  [10, '25%', '25%', 3, 2],
  [10, 0, '5%', 0, 1],
  [10, 3, 20, 3, 10],
  [0, '25%', '25%', 0, 0],
])('%i replicas, %s and %s: surge %i, unavailable %i', (replicas, surge, unavailable, up, down) => {
  expect(bounds(replicas, surge, unavailable)).toEqual({
    desired: replicas,
    maxSurge: up,
    maxUnavailable: down,
  })
})

describe('a rollout of 10 with 25 %/25 %', () => {
  const ten = bounds(10, '25%', '25%')

  test('begins with 3 new pods, as the surge allows', () => {
    expect(newReplicas(ten, member('new', 0), [member('old', 10)])).toBe(3)
  })

  test('then lowers the old ones by 2, before any new pod is available', () => {
    const sizes = shrunkOldReplicas(ten, member('new', 3, 0), [member('old', 10)])
    expect([...sizes]).toEqual([['old', 8]])
  })

  test('then raises the new ones into the room that was made', () => {
    expect(newReplicas(ten, member('new', 3, 0), [member('old', 8)])).toBe(5)
  })

  test('lowers nothing while too few are available', () => {
    const sizes = shrunkOldReplicas(ten, member('new', 5, 0), [member('old', 8)])
    expect([...sizes]).toEqual([])
  })

  test('lowers the old ones by as many as became available', () => {
    const sizes = shrunkOldReplicas(ten, member('new', 5, 3), [member('old', 8)])
    expect([...sizes]).toEqual([['old', 5]])
  })
})

test('unhealthy old pods go first, oldest ReplicaSet first', () => {
  const old = [member('first', 3, 1), member('second', 4, 3)]
  const sizes = shrunkOldReplicas(bounds(6, 2, 2), member('new', 1, 1), old)
  expect([...sizes]).toEqual([
    ['first', 0],
    ['second', 3],
  ])
})

/** Plays a rollout to its end; each round the pods that were started become available. */
function playRollout(desired: number, maxSurge: number, maxUnavailable: number) {
  const limits = bounds(desired, maxSurge, maxUnavailable)
  let fresh = member('new', 0)
  let old = member('old', desired)
  let rounds = 0
  let highest = desired
  let lowest = desired
  while (old.replicas > 0 || fresh.availableReplicas < desired) {
    const raised = newReplicas(limits, fresh, [old])
    if (raised > fresh.replicas) fresh = { ...fresh, replicas: raised }
    else {
      const size = shrunkOldReplicas(limits, fresh, [old]).get('old') ?? old.replicas
      if (size === old.replicas) fresh = member('new', fresh.replicas)
      old = member('old', size)
    }
    highest = Math.max(highest, fresh.replicas + old.replicas)
    lowest = Math.min(lowest, fresh.availableReplicas + old.availableReplicas)
    if ((rounds += 1) > 500) throw new Error('the rollout does not end')
  }
  return { highest, lowest }
}

test('every rollout ends, and keeps within its bounds', () => {
  for (let desired = 1; desired <= 12; desired += 1) {
    for (let surge = 0; surge <= 4; surge += 1) {
      for (let unavailable = surge === 0 ? 1 : 0; unavailable <= desired; unavailable += 1) {
        const { highest, lowest } = playRollout(desired, surge, unavailable)
        expect(highest).toBeLessThanOrEqual(desired + surge)
        expect(lowest).toBeGreaterThanOrEqual(desired - unavailable)
      }
    }
  }
})
