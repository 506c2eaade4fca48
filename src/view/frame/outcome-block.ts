import { humanCount } from '../../base/units.ts'
import type { Counts, CountsBy } from '../state/counts.ts'
import type { ViewState } from '../view-state.ts'
import { type Line, left, piece, right, type Tone } from './line.ts'
import { lastSecond, lastSeconds } from './spans.ts'

const NUMBER = 7

/** A table of counts by name: whole run, last minute, last second; the most frequent first. */
function tableBlock(
  state: ViewState,
  title: string,
  of: (counts: Counts) => CountsBy,
  look: { readonly width: number; readonly lines: number; readonly tone: (name: string) => Tone },
): readonly Line[] {
  const name = Math.max(6, look.width - 3 * NUMBER)
  const spans: readonly (readonly Counts[])[] = [
    [state.all],
    lastSeconds(state, 60),
    lastSecond(state),
  ]
  const names = Object.entries(of(state.all)).sort(([, one], [, other]) => other - one)
  const fits = names.length <= look.lines - 1
  const shown = fits ? names : names.slice(0, Math.max(0, look.lines - 2))
  const row = ([key]: readonly [string, number]): Line => {
    const counts = spans.map((span) =>
      span.reduce((sum, counts) => sum + (of(counts)[key] ?? 0), 0),
    )
    return [
      piece(left(key, name), look.tone(key)),
      piece(counts.map((count) => right(humanCount(count), NUMBER)).join('')),
    ]
  }
  const head: Line = [
    piece(left(title, name), 'strong'),
    piece(['all', 'min', 's'].map((text) => right(text, NUMBER)).join(''), 'dim'),
  ]
  const none: readonly Line[] = names.length === 0 ? [[piece('none', 'dim')]] : []
  const rest: readonly Line[] = fits
    ? []
    : [[piece(`+ ${names.length - shown.length} more`, 'dim')]]
  return [head, ...none, ...shown.map(row), ...rest].slice(0, look.lines)
}

/** Answers by HTTP status. */
export const statusBlock = (state: ViewState, width: number, lines: number): readonly Line[] =>
  tableBlock(state, 'HTTP', ({ statuses }) => statuses, {
    width,
    lines,
    tone: (status) => (status >= '500' ? 'bad' : status >= '400' ? 'warn' : 'good'),
  })

/** Requests without a complete answer, by class: everything that is not told by an HTTP status. */
export const networkBlock = (state: ViewState, width: number, lines: number): readonly Line[] =>
  tableBlock(state, 'network', ({ outcomes }) => networkOnly(outcomes), {
    width,
    lines,
    tone: () => 'bad',
  })

const TOLD_BY_STATUS = new Set(['ok', 'bad-status', 'bad-body', 'cut-off'])

const networkOnly = (outcomes: CountsBy): CountsBy =>
  Object.fromEntries(Object.entries(outcomes).filter(([outcome]) => !TOLD_BY_STATUS.has(outcome)))
