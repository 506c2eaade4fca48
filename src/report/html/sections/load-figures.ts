import {
  humanAt,
  humanBytes,
  humanCount,
  humanShare,
  humanUs,
  plural,
} from '../../../base/units.ts'
import { type Child, element, type Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'
import { table } from './table.ts'

type Result = ReportInput['result']

/** What load measures: quantiles, rates, what failed, tags, and the stop criterion when one held. */
export function loadFigures({ result }: ReportInput): Markup {
  return element(
    'section',
    { 'aria-labelledby': 'measured' },
    element('h2', { id: 'measured' }, 'What was measured'),
    stopCard(result),
    element('div', { class: 'measured' }, timeTable(result), answerTable(result)),
    failureTable(result),
    tagTable(result),
  )
}

function stopCard({ stop }: Result): Child {
  if (!stop) return undefined
  return element(
    'article',
    { class: 'card stop' },
    element('h3', {}, 'Stopped by ', element('code', {}, stop.criterion)),
    element(
      'p',
      {},
      `At ${humanAt(stop.atUs)} s: ${stop.seen}. The first second in which it held began at ${humanAt(stop.firstBadAtUs)} s, with ${plural(stop.ratePerSecond, 'request')} due in it. Yandex.Tank’s exit code for it is ${stop.tankExitCode}.`,
    ),
  )
}

const QUANTILES = [
  ['p50', 'p50Us'],
  ['p90', 'p90Us'],
  ['p95', 'p95Us'],
  ['p99', 'p99Us'],
  ['p99.9', 'p999Us'],
  ['p99.99', 'p9999Us'],
  ['longest', 'maxUs'],
] as const

const rights = (...names: readonly string[]) =>
  names.map((name) => ({ name, align: 'right' as const }))

function timeTable({ responseTime, serviceTime }: Result): Child {
  if (!responseTime || !serviceTime) return undefined
  return table(
    'Times of answered requests: response from the planned instant, service from the sending',
    [{ name: 'quantile' }, ...rights('response time', 'service time')],
    QUANTILES.map(([name, key]) => [
      name,
      humanUs(responseTime[key] ?? 0),
      humanUs(serviceTime[key] ?? 0),
    ]),
  )
}

function answerTable({ statuses, bytesIn = 0, rate }: Result): Markup {
  const perSecond = (value: number | undefined) => `${humanCount(value ?? 0)}/s`
  return table(
    'Rates and answers',
    [{ name: 'what' }, ...rights('how many')],
    [
      ['planned', perSecond(rate?.planned)],
      ['sent', perSecond(rate?.sent)],
      ['answered', perSecond(rate?.answered)],
      ['read', humanBytes(bytesIn)],
      ...Object.entries(statuses).map(([status, count]) => [`status ${status}`, humanCount(count)]),
    ],
  )
}

function failureTable({ failures = [], ledger }: Result): Child {
  if (failures.length === 0) return undefined
  return table(
    'What failed, by class and status',
    [
      { name: 'class' },
      ...rights('requests', 'of all sent', 'on new conn.', 'on reused', 'first due', 'last due'),
      { name: 'the system’s word' },
    ],
    failures.map(({ name, count, connections, firstDueUs, lastDueUs, details }) => [
      element('code', {}, name),
      humanCount(count),
      humanShare(count, ledger.sent),
      humanCount(connections.new),
      humanCount(connections.reused),
      firstDueUs === undefined ? '–' : `${humanAt(firstDueUs)} s`,
      lastDueUs === undefined ? '–' : `${humanAt(lastDueUs)} s`,
      details.join(', '),
    ]),
  )
}

const MOST_TAGS = 200

function tagTable({ byTag = {} }: Result): Child {
  const tags = Object.entries(byTag)
  if (tags.length === 0) return undefined
  return [
    table(
      'By tag',
      [{ name: 'tag' }, ...rights('ended', 'ok', 'failed', 'p50', 'p95', 'p99', 'longest', 'read')],
      tags.slice(0, MOST_TAGS).map(([tag, { ended, outcomes, responseTime, bytesIn }]) => {
        const ok = outcomes['ok'] ?? 0
        const times = responseTime
          ? [responseTime.p50Us, responseTime.p95Us, responseTime.p99Us, responseTime.maxUs]
          : []
        return [
          tag,
          humanCount(ended),
          humanCount(ok),
          humanCount(ended - ok - (outcomes['cut-off'] ?? 0)),
          ...(times.length > 0 ? times.map(humanUs) : ['–', '–', '–', '–']),
          humanBytes(bytesIn),
        ]
      }),
    ),
    tags.length > MOST_TAGS
      ? element('p', { class: 'muted' }, `${tags.length - MOST_TAGS} more are in result.json.`)
      : undefined,
  ]
}
