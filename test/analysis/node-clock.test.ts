import { expect, it } from 'vitest'
import { nodeClock } from '../../src/analysis/node-clock.ts'
import type { ClusterEntry, MetaEntry } from '../../src/recording/entry.ts'

const meta = { startedAt: '2026-01-01T00:00:10.500Z' } as MetaEntry
const skew = (lowMs: number, highMs: number): ClusterEntry => ({
  kind: 'cluster',
  type: 'clock-skew',
  atUs: 0,
  skew: { emitter: 'kubelet node-1', lowMs, highMs },
})

it.for<[string, ClusterEntry[], string | undefined, number | undefined]>([
  ['a stamp', [], '2026-01-01T00:00:12Z', 1_500_000],
  ['a stamp from before the run', [], '2026-01-01T00:00:10Z', -500_000],
  ['a stamp of a clock that may be ours', [skew(-300, 500)], '2026-01-01T00:00:12Z', 1_500_000],
  ['a stamp of a clock 4 s ahead', [skew(3_800, 4_200)], '2026-01-01T00:00:16Z', 1_500_000],
  ['no stamp', [], undefined, undefined],
  ['what is none', [], 'soon', undefined],
])('%s', ([, cluster, stamp, expected]) => {
  expect(nodeClock({ meta, cluster })(stamp, 'node-1')).toBe(expected)
})
