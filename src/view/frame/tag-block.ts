import { sparseQuantile } from '../../base/histogram.ts'
import { humanCount, humanUs } from '../../base/units.ts'
import type { ViewState } from '../view-state.ts'
import { type Line, left, piece, right } from './line.ts'

const NUMBER = 9
const COLUMNS = ['ended', 'failed', 'p50', 'p99'] as const

/** Requests by their tag over the whole run, the most frequent first; nothing without tags. */
export function tagBlock({ byTag }: ViewState, width: number, lines: number): readonly Line[] {
  const tags = Object.entries(byTag).sort(([, one], [, other]) => other.ended - one.ended)
  if (tags.length === 0 || lines < 2) return []
  const name = Math.max(6, Math.min(40, width - COLUMNS.length * NUMBER))
  const fits = tags.length <= lines - 1
  const shown = fits ? tags : tags.slice(0, lines - 2)
  const head: Line = [
    piece(left('tag', name), 'strong'),
    piece(COLUMNS.map((column) => right(column, NUMBER)).join(''), 'dim'),
  ]
  const rows = shown.map(([tag, { ended, failed, responseTime }]): Line => [
    piece(left(tag, name)),
    piece(right(humanCount(ended), NUMBER)),
    piece(right(humanCount(failed), NUMBER), failed > 0 ? 'bad' : 'plain'),
    ...[0.5, 0.99].map((quantile) => {
      const us = sparseQuantile(responseTime, quantile)
      return piece(right(us === undefined ? '–' : humanUs(us), NUMBER))
    }),
  ])
  const rest: readonly Line[] = fits ? [] : [[piece(`+ ${tags.length - shown.length} more`, 'dim')]]
  return [head, ...rows, ...rest]
}
