import { describe, expect, it } from 'vitest'
import { compared, comparisonLines } from './comparison.ts'
import type { MeasuredRun } from './measured.ts'

const run = (failed: number, mainCause: string): MeasuredRun => ({
  failed,
  sent: 100,
  mainCause,
  conclusive: true,
})

describe('the comparison of lab and cluster', () => {
  const lab = {
    'nginx-sigterm-both': { 1: run(9, 'CRASH'), 2: run(7, 'CRASH') },
    'nginx-sigquit-both': { 1: run(9, 'OOM'), 2: run(0, 'none') },
    'exec-form': { 1: run(0, 'none') },
  }
  const real = {
    'nginx-sigterm-both': { ...run(3, 'CRASH'), failures: { reset: 1, 'bad-status 502': 2 } },
    'nginx-sigquit-both': run(3, 'OOM'),
    tini: run(0, 'none'),
  }

  it('holds what ran on both, and agrees only when every seed does', () => {
    const all = compared(lab, real).map(({ name, agrees }) => [name, agrees])
    expect(all).toEqual([
      ['nginx-sigterm-both', true],
      ['nginx-sigquit-both', false],
    ])
  })

  it('shows all seeds, the classes most frequent first, and how many agree', () => {
    const text = comparisonLines(lab, real).join('\n')
    expect(text).toMatch(/nginx-sigterm-both +lab +failed +CRASH +9, 7 of 100/)
    expect(text).toMatch(/real +failed +CRASH +3 of 100 +2 bad-status 502, 1 reset/)
    expect(text).toMatch(/agree in verdict and main cause: 1 of 2$/)
  })
})
