import { humanCount, humanUs } from '../base/units.ts'
import { wrap } from './text-blocks.ts'
import type { RunResult } from './result.ts'

const COLUMNS = 80
const GAP = '  '
/** Of the column that gives way to the others: what failed, by class. */
const BY_CLASS = 2

/** The end of the demo, at most 80 columns wide: the arms side by side, the fix, and where the reports are. */
export function renderDemo(results: readonly RunResult[], reports: readonly string[]): string {
  const rows = [
    ['', 'failed', 'by class', 'main cause', 'drain'],
    ...results.map((result) => rowOf(result)),
  ]
  const fix = results[0]?.advice
  return [
    '',
    ...alignColumns(rows),
    '',
    ...results.flatMap((result) => wrap(`${result.scenario}: ${result.verdict.sentence}`, 0)),
    '',
    ...(fix
      ? [
          'What to change, by the drain times of the first run:',
          '',
          ...indent(fix.yaml),
          ...wrap(fix.text, 0),
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
  const share = `${humanCount(failed)} of ${humanCount(result.ledger.planned)}`
  return [
    result.scenario,
    result.verdict.outcome === 'inconclusive' ? `${share}\n(inconclusive)` : share,
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

/** Each row on as many lines as it needs when `by class` gets only the room that the other columns leave. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.split('\n')))
  const natural = widthsOf(cells).with(BY_CLASS, 0)
  const others = natural.reduce((sum, width) => sum + width + GAP.length, -GAP.length)
  const folded = cells.map((row) =>
    row.with(BY_CLASS, fold(row[BY_CLASS]?.[0] ?? '', COLUMNS - others)),
  )
  const widths = widthsOf(folded)
  return folded.flatMap((row) =>
    Array.from({ length: Math.max(...row.map(({ length }) => length)) }, (_, line) =>
      row
        .map((cell, column) => (cell[line] ?? '').padEnd(widths[column] ?? 0))
        .join(GAP)
        .trimEnd(),
    ),
  )
}

/** Of each column, by its longest line. */
const widthsOf = (rows: readonly (readonly (readonly string[])[])[]): number[] =>
  (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.flatMap((row) => (row[column] ?? []).map(({ length }) => length))),
  )

/** Whole when it fits; else an item a line, and where even that is too long, as many words as go on one. */
function fold(cell: string, width: number): string[] {
  if (cell.length <= width) return [cell]
  return cell.split(/(?<=,) (?=[\d,]+ )/).flatMap((item) => {
    const lines: string[] = []
    for (const word of item.split(' ')) {
      const longer = `${lines.at(-1) ?? ''} ${word}`
      if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer
      else lines.push(word)
    }
    return lines
  })
}

const indent = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
