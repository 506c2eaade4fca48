import { humanUs } from '../../../base/units.ts'
import type { Timeline } from '../timeline/timeline.ts'

/** Everything that the charts show of one bin, as a line. */
export function readoutText({ series }: Timeline, bin: number): string {
  const rate = (counts: readonly number[]) =>
    `${Math.round(((counts[bin] ?? 0) * 1e6) / series.binUs)}/s`
  const time = (values: readonly (number | null)[]) => {
    const us = values[bin]
    return us === null || us === undefined ? '–' : humanUs(us)
  }
  const failed = series.failures.flatMap(({ name, counts }) => {
    const count = counts[bin] ?? 0
    return count === 0 ? [] : [`${name} × ${count}`]
  })
  return [
    `${((bin * series.binUs) / 1e6).toFixed(1)} s`,
    `planned ${rate(series.planned)}, sent ${rate(series.sent)}, ok ${rate(series.ok)}`,
    failed.length === 0 ? 'nothing failed' : failed.join(', '),
    `p50 ${time(series.p50Us)}, p99 ${time(series.p99Us)}, longest ${time(series.maxUs)}`,
  ].join('  ·  ')
}
