import { sanitize } from '../base/sanitize.ts'
import { humanAt, humanBytes, humanCount, humanShare, humanUs } from '../base/units.ts'
import type { RunResult } from './result.ts'
import { expectationLines, ledgerLines, validityLines, wrap } from './text-blocks.ts'

/** The summary of load alone for a terminal of 80 columns. */
export function renderLoadText(result: RunResult): string {
  return [
    `${result.verdict.outcome.toUpperCase()}  ${sanitize(result.scenario, 60)}`,
    ...wrap(sanitize(result.verdict.sentence, 2_000), 0),
    '',
    ...rateLines(result),
    ...timeLines(result),
    ...tagLines(result),
    ...failureLines(result),
    '',
    ...ledgerLines(result),
    ...expectationLines(result),
    ...validityLines(result),
  ].join('\n')
}

function rateLines({ rate, bytesIn, statuses }: RunResult): string[] {
  if (!rate) return []
  const perSecond = (value: number) => `${humanRate(value)}/s`
  const transfer = bytesIn === undefined ? [] : [`transfer   ${humanBytes(bytesIn)} read`]
  const answers = Object.entries(statuses).map(([status, n]) => `${humanCount(n)} × ${status}`)
  return [
    `rate       planned ${perSecond(rate.planned)}, sent ${perSecond(rate.sent)}, answered ${perSecond(rate.answered)}`,
    ...transfer,
    ...wrap(`answers    ${answers.join(', ') || 'none'}`, 11),
  ]
}

const humanRate = (value: number): string =>
  value >= 1_000 ? humanCount(value) : String(Number(value.toPrecision(4)))

const COLUMNS = [
  ['p50', 'p50Us'],
  ['p90', 'p90Us'],
  ['p95', 'p95Us'],
  ['p99', 'p99Us'],
  ['p99.9', 'p999Us'],
  ['p99.99', 'p9999Us'],
  ['max', 'maxUs'],
] as const
const WIDTH = 9
const NAME = 15

/** Quantiles as a table: from the planned instant, and from the sending. */
function timeLines({ responseTime, serviceTime }: RunResult): string[] {
  const row = (name: string, time: RunResult['responseTime']) =>
    time
      ? [
          name.padEnd(NAME) +
            COLUMNS.map(([, key]) => humanUs(time[key] ?? 0).padStart(WIDTH)).join(''),
        ]
      : []
  const rows = [...row('response time', responseTime), ...row('service time', serviceTime)]
  if (rows.length === 0) return []
  return ['', ' '.repeat(NAME) + COLUMNS.map(([name]) => name.padStart(WIDTH)).join(''), ...rows]
}

function tagLines({ byTag = {} }: RunResult): string[] {
  const rows = Object.entries(byTag).map(([tag, { ended, outcomes, responseTime }]) => {
    const failed = ended - (outcomes['ok'] ?? 0) - (outcomes['cut-off'] ?? 0)
    const cells = [
      humanCount(ended),
      humanCount(failed),
      ...(responseTime
        ? [responseTime.p50Us, responseTime.p99Us, responseTime.maxUs].map(humanUs)
        : ['–', '–', '–']),
    ]
    return sanitize(tag, 19).padEnd(20) + cells.map((cell) => cell.padStart(11)).join('')
  })
  if (rows.length === 0) return []
  const head = ['ended', 'failed', 'p50', 'p99', 'max'].map((name) => name.padStart(11)).join('')
  return ['', 'tag'.padEnd(20) + head, ...rows]
}

const MOST_FAILURES = 12

function failureLines({ failures = [], ledger }: RunResult): string[] {
  if (failures.length === 0) return []
  const hidden = failures.length - MOST_FAILURES
  return [
    '',
    `${'failed'.padEnd(32)}${'count'.padStart(10)}${'share'.padStart(10)}${'new'.padStart(9)}${'reused'.padStart(9)}${'from'.padStart(10)}`,
    ...failures
      .slice(0, MOST_FAILURES)
      .map(
        ({ name, count, connections, firstDueUs }) =>
          sanitize(name, 31).padEnd(32) +
          humanCount(count).padStart(10) +
          humanShare(count, ledger.sent).padStart(10) +
          humanCount(connections.new).padStart(9) +
          humanCount(connections.reused).padStart(9) +
          (firstDueUs === undefined ? '' : `${humanAt(firstDueUs)} s`).padStart(10),
      ),
    ...(hidden > 0 ? [`and ${hidden} more kinds, in result.json`] : []),
  ]
}
