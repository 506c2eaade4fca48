import { humanAt, humanCount, humanUs, US_PER_SECOND } from '../../../base/units.ts'
import { type Child, element, type Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'
import type { Series, Timeline } from '../timeline/timeline.ts'
import { commandOutput } from './command-output.ts'
import { podTable } from './windows.ts'
import { table } from './table.ts'

/** A table for every chart and lane. */
export function tablesSection({ analysis, recording }: ReportInput, timeline: Timeline): Markup {
  const output = commandOutput(recording)
  return element(
    'section',
    { 'aria-labelledby': 'tables' },
    element('h2', { id: 'tables' }, 'The same as tables'),
    folded('Rate, failures, response times and the generator', seriesTable(timeline.series)),
    timeline.hasCluster
      ? [
          folded('Steps', stepTable(recording)),
          output && folded('Output of commands', output),
          folded(
            'Pods',
            podTable('Pods', analysis.pods.slice(0, MAX_PODS)),
            restOf(analysis.pods.length - MAX_PODS),
          ),
          endpointsFolded(timeline),
          gapsFolded(timeline),
        ]
      : undefined,
  )
}

const MAX_PODS = 300
const MAX_ROWS = 60

const restOf = (hidden: number): Child =>
  hidden > 0 ? element('p', { class: 'muted' }, `and ${hidden} more`) : undefined

const folded = (title: string, ...content: readonly Child[]): Markup =>
  element('details', { class: 'folded' }, element('summary', {}, title), ...content)

const MACHINE = [
  ['cpu', 'busyShare'],
  ['steal', 'stealShare'],
] as const

/** At most 60 rows; counts are added up, and of times the longest in a row's span stands for it. */
function seriesTable(series: Series): Markup {
  const perRow = Math.ceil(series.planned.length / MAX_ROWS)
  const rows = Math.ceil(series.planned.length / perRow)
  const part = <Value>(values: readonly Value[], row: number) =>
    values.slice(row * perRow, (row + 1) * perRow)
  const sum = (counts: readonly number[], row: number) =>
    humanCount(part(counts, row).reduce((total, count) => total + count, 0))
  const longest = (values: readonly (number | null)[], row: number) => {
    const known = part(values, row).filter((value) => value !== null)
    return known.length === 0 ? '–' : humanUs(Math.max(...known))
  }
  const highestShare = (values: readonly (number | null)[], row: number) => {
    const known = part(values, row).filter((value) => value !== null)
    return known.length === 0 ? '–' : `${Math.round(Math.max(...known) * 100)} %`
  }
  const lengthUs = perRow * series.binUs
  return table(
    `By ${humanUs(lengthUs)}; of each time the highest in the span`,
    [
      'from (s)',
      'planned',
      'sent',
      'ok',
      ...series.failures.map(({ name }) => name),
      'p50',
      'p95',
      'p99',
      'longest',
      'send lag p99',
      'loop delay',
      ...MACHINE.filter(([, key]) => series[key]).map(([name]) => name),
    ].map((name) => ({ name, align: 'right' })),
    Array.from({ length: rows }, (_, row) => [
      ((row * lengthUs) / US_PER_SECOND).toFixed(1),
      sum(series.planned, row),
      sum(series.sent, row),
      sum(series.ok, row),
      ...series.failures.map(({ counts }) => sum(counts, row)),
      longest(series.p50Us, row),
      longest(series.p95Us, row),
      longest(series.p99Us, row),
      longest(series.maxUs, row),
      longest(series.sendLagP99Us, row),
      longest(series.loopDelayUs, row),
      ...MACHINE.flatMap(([, key]) => (series[key] ? [highestShare(series[key], row)] : [])),
    ]),
  )
}

/** The number of ready endpoints, whenever it changed. */
export const endpointsFolded = (timeline: Timeline): Markup =>
  folded('Ready endpoints', endpointTable(timeline))

/** The times in which something could not be seen. */
export const gapsFolded = (timeline: Timeline): Markup => folded('Watch gaps', gapTable(timeline))

const stepTable = ({ steps }: ReportInput['recording']): Markup =>
  table(
    'Steps',
    [{ name: 'at (s)', align: 'right' }, { name: 'step' }, { name: 'state' }, { name: 'detail' }],
    steps.map(({ atUs, label, state, detail }) => [humanAt(atUs), label, state, detail ?? '']),
  )

const endpointTable = ({ endpoints }: Timeline): Markup =>
  table(
    'Ready endpoints',
    [
      { name: 'from (s)', align: 'right' },
      { name: 'ready', align: 'right' },
    ],
    endpoints.map(({ atUs, ready }) => [humanAt(atUs), ready]),
  )

const gapTable = ({ gaps }: Timeline): Markup =>
  gaps.length === 0
    ? element('p', {}, 'None.')
    : table(
        'Watch gaps',
        [
          { name: 'from (s)', align: 'right' },
          { name: 'to (s)', align: 'right' },
          { name: 'resource' },
          { name: 'why' },
        ],
        gaps.map(({ fromUs, toUs, resource, why }) => [
          humanAt(fromUs),
          humanAt(toUs),
          resource,
          why,
        ]),
      )
