import { histogram, sparseQuantile } from '../../base/histogram.ts'
import { humanCount, humanUs } from '../../base/units.ts'
import { failedOf } from '../state/counts.ts'
import type { ViewState } from '../view-state.ts'
import { type Line, left, piece, right, type Tone } from './line.ts'
import { lastSecond, lastSeconds } from './spans.ts'

const NAME = 10
const NUMBER = 10
export const COUNTS_WIDTH = NAME + 3 * NUMBER

const QUANTILES = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
  ['max', 1],
] as const

/** Requests and response times: of the whole run, of the last minute, of the last second. */
export function countsBlock(state: ViewState): readonly Line[] {
  const minute = lastSeconds(state, 60)
  const second = lastSecond(state)
  const spans = [[state.all], minute, second]
  const row = (name: string, values: readonly string[], tone: Tone = 'plain'): Line => [
    piece(left(name, NAME), 'dim'),
    piece(values.map((value) => right(value, NUMBER)).join(''), tone),
  ]
  const sums = (of: (counts: ViewState['all']) => number) =>
    spans.map((span) => span.reduce((sum, counts) => sum + of(counts), 0))
  const failed = sums(({ outcomes }) => failedOf(outcomes))
  const times = [
    quantilesOf(state.all.responseTime),
    mergedQuantiles(minute),
    mergedQuantiles(second),
  ]
  return [
    [
      piece(left('', NAME)),
      piece(['all', 'last min', 'last s'].map((name) => right(name, NUMBER)).join(''), 'strong'),
    ],
    row('planned', sums(({ due }) => due).map(humanCount)),
    row('sent', sums(({ sent }) => sent).map(humanCount)),
    row('ok', sums(({ outcomes }) => outcomes['ok'] ?? 0).map(humanCount), 'good'),
    row('failed', failed.map(humanCount), (failed[0] ?? 0) > 0 ? 'bad' : 'plain'),
    ...QUANTILES.map(([name, quantile]) =>
      row(
        `resp. ${name}`,
        times.map((at) => {
          const us = at(quantile)
          return us === undefined ? '–' : humanUs(us)
        }),
      ),
    ),
  ]
}

type Quantiles = (quantile: number) => number | undefined

const quantilesOf =
  (sparse: ViewState['all']['responseTime']): Quantiles =>
  (quantile) =>
    sparseQuantile(sparse, quantile)

function mergedQuantiles(span: readonly ViewState['all'][]): Quantiles {
  const merged = histogram()
  for (const { responseTime } of span) merged.add(responseTime)
  return (quantile) => merged.quantile(quantile)
}
