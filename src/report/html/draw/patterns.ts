import { element, type Markup } from '../markup.ts'

/** Lines over a solid ground, one pattern a failure class: colour is never the only sign. */
export const PATTERN_LINES = [
  '',
  'M0 8L8 0',
  'M0 4H8',
  'M4 0V8',
  'M0 0L8 8',
  'M0 8L8 0M0 0L8 8',
] as const

/** The patterns that fills of the drawings refer to: `fail-0` … for failures, `ending` for pods that still run. */
export const drawPatterns = (): Markup =>
  element(
    'svg',
    { class: 'patterns', width: 0, height: 0, 'aria-hidden': 'true' },
    element(
      'defs',
      {},
      PATTERN_LINES.map((lines, at) => pattern(`fail-${at}`, lines)),
      pattern('ending', 'M-2 2L2 -2M0 8L8 0M6 10L10 6'),
    ),
  )

const pattern = (name: string, lines: string): Markup =>
  element(
    'pattern',
    { id: name, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
    element('rect', { class: `ground ${name}`, width: 8, height: 8 }),
    element('path', { class: 'hatch', d: lines }),
  )
