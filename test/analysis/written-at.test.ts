import { expect, it } from 'vitest'
import { writtenAt } from '../../src/analysis/written-at.ts'
import type { ClusterChange } from '../../src/recording/entry.ts'

const SKEW_US = 7_000_000_000

const UNSTAMPED = {
  reason: 'Killing',
  message: '',
  severity: 'Normal',
  objectKind: 'Pod',
  objectName: 'web',
  count: 1,
  component: 'kubelet',
  host: 'node-1',
} as const

/** An Event of one kubelet, whose clock is far off, that was written and arrived at these instants of our own. */
const event = (writtenUs: number, arrivedUs: number, count = 1) =>
  ({
    type: 'reported-event',
    atUs: arrivedUs,
    event: {
      ...UNSTAMPED,
      count,
      emittedAtUnixNs: `${writtenUs + SKEW_US}000`,
    },
  }) as const satisfies ClusterChange

it('Events that arrive late are dated by their stamps, tied to the one that arrived soonest', () => {
  const soonest = event(1_000_000, 1_001_000)
  const late = event(2_000_000, 2_150_000)
  const writtenUs = writtenAt([soonest, late])
  expect(writtenUs(late)).toBe(2_001_000)
  expect(writtenUs(soonest)).toBe(1_001_000)
})

it('an Event alone, one without a stamp and one that is counted up are dated by their arrival', () => {
  const alone = event(1_000_000, 1_200_000)
  expect(writtenAt([alone])(alone)).toBe(1_200_000)
  const again = event(1_000_000, 9_000_000, 2)
  expect(writtenAt([alone, again])(again)).toBe(9_000_000)
  expect(writtenAt([alone])({ ...alone, atUs: 5, event: UNSTAMPED })).toBe(5)
})
