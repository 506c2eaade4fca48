import { humanCount, humanUs } from '../base/units.ts'
import type { RunResult } from './result.ts'

/** The end of the demo: the arms side by side, the fix, and where the reports are. */
export function renderDemo(results: readonly RunResult[], reports: readonly string[]): string {
  const rows = [
    ['', 'planned', 'failed', 'by class', 'main cause', 'drain time'],
    ...results.map((result) => rowOf(result)),
  ]
  const fix = results[0]?.advice
  return [
    '',
    ...alignColumns(rows),
    '',
    ...results.map((result) => `${result.scenario}: ${result.verdict.sentence}`),
    '',
    ...(fix
      ? [
          'What to change, by the drain times of the first run:',
          '',
          ...indent(fix.yaml),
          fix.text,
          '',
        ]
      : []),
    ...reports.map((path) => `report     ${path}`),
  ].join('\n')
}

function rowOf(result: RunResult): string[] {
  const failures = Object.entries(result.ledger.outcomes).filter(
    ([outcome]) => outcome !== 'ok' && outcome !== 'cut-off',
  )
  const failed = failures.reduce((sum, [, count]) => sum + count, 0)
  return [
    result.scenario,
    humanCount(result.ledger.planned),
    result.verdict.outcome === 'inconclusive'
      ? `${humanCount(failed)} inconclusive`
      : humanCount(failed),
    failures
      .map(([outcome, count]) => `${humanCount(count)} ${outcome}${statusesOf(outcome, result)}`)
      .join(', ') || '–',
    result.causes[0]?.cause ?? '–',
    drained(result),
  ]
}

/** The longest: behind an Ingress it does not matter whether the client's own connection was new. */
const drained = ({ drain }: RunResult): string =>
  drain.new || drain.reused
    ? humanUs(Math.max(drain.new?.maxUs ?? 0, drain.reused?.maxUs ?? 0))
    : '–'

/** A bad status is worth naming: ` (502)`. */
function statusesOf(outcome: string, { statuses }: RunResult): string {
  const bad = Object.keys(statuses).filter((status) => Number(status) >= 400)
  return outcome === 'bad-status' ? ` (${bad.join(', ')})` : ''
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const indent = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
