import { humanUs } from '../../../base/units.ts'
import type { Spread } from '../../../analysis/analysis.ts'
import { element, type Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'
import { adviceCard } from './causes.ts'
import { table } from './table.ts'

/** How long deleted pods still got requests, and what settings that asks for. */
export function drainSection({ analysis: { drain, advice } }: ReportInput): Markup | undefined {
  if (drain.pods === 0) return undefined
  const row = (name: string, spread: Spread | undefined) => [
    name,
    spread ? spread.count : 0,
    ...(spread
      ? [humanUs(spread.p50Us), humanUs(spread.p95Us), humanUs(spread.maxUs)]
      : ['–', '–', '–']),
  ]
  return element(
    'section',
    { 'aria-labelledby': 'drain' },
    element('h2', { id: 'drain' }, 'Drain times'),
    element(
      'p',
      { class: 'muted' },
      'From the arrival of a pod’s deletionTimestamp to the last request that still came to it.',
    ),
    element(
      'div',
      { class: 'drain' },
      table(
        `Over ${drain.pods} deleted pods`,
        [
          { name: 'requests on' },
          { name: 'pods', align: 'right' },
          { name: 'p50', align: 'right' },
          { name: 'p95', align: 'right' },
          { name: 'longest', align: 'right' },
        ],
        [
          row('new connections', drain.new),
          row('reused connections', drain.reused),
          row('until the pod was gone', drain.gone),
        ],
      ),
      advice ? adviceCard(advice) : undefined,
    ),
  )
}
