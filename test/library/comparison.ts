import { EXPECTATIONS } from './expectations.ts'
import type { Measured, MeasuredRun } from './measured.ts'

const US_PER_SECOND = 1_000_000

/** A scenario that ran on both. */
export interface Compared {
  readonly name: string
  /** By seed. */
  readonly lab: readonly MeasuredRun[]
  readonly real: MeasuredRun
  /** Verdict and main cause are the same, with every seed. */
  readonly agrees: boolean
}

/** Each scenario that was run on the lab and on a real cluster, in the library's order. */
export const compared = (
  lab: Measured['runs'],
  real: Readonly<Record<string, MeasuredRun>>,
): Compared[] =>
  EXPECTATIONS.flatMap(({ name }) => {
    const onReal = real[name]
    const onLab = Object.values(lab[name] ?? {})
    if (!onReal || onLab.length === 0) return []
    const agrees = onLab.every(
      (run) => verdictOf(run) === verdictOf(onReal) && run.mainCause === onReal.mainCause,
    )
    return [{ name, lab: onLab, real: onReal, agrees }]
  })

/** The comparison as rows of a table, the first of them its head. */
export const comparisonRows = (all: readonly Compared[]): string[][] => [
  ['scenario', '', 'verdict', 'main cause', 'failed', 'by class', 'drain p50, max'],
  ...all.flatMap(({ name, lab, real, agrees }) => [
    [name, 'lab', ...figures(lab)],
    ['', agrees ? 'real' : '**real**', ...figures([real])],
  ]),
]

/** The comparison for a terminal, with the number of those that agree. */
export function comparisonLines(
  lab: Measured['runs'],
  real: Readonly<Record<string, MeasuredRun>>,
): string[] {
  const all = compared(lab, real)
  const rows = comparisonRows(all)
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? []
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const agree = all.filter(({ agrees }) => agrees).length
  return [...lines, `lab and real agree in verdict and main cause: ${agree} of ${all.length}`]
}

const verdictOf = ({ failed }: MeasuredRun) => (failed === 0 ? 'passed' : 'failed')

const each = (texts: readonly string[]) => [...new Set(texts)].join(', ')

function figures(runs: readonly MeasuredRun[]): string[] {
  return [
    each(runs.map(verdictOf)),
    each(runs.map(({ mainCause }) => (mainCause === 'none' ? '–' : mainCause))),
    `${runs.map(({ failed }) => failed).join(', ')} of ${Math.max(...runs.map(({ sent }) => sent))}`,
    byClass(runs[0]?.failures ?? {}),
    drainOf(runs[0]),
  ]
}

const byClass = (failures: Readonly<Record<string, number>>) =>
  Object.entries(failures)
    .toSorted(([, left], [, right]) => right - left)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')

const seconds = (us: number) => (us / US_PER_SECOND).toFixed(2)

const drainOf = (run: MeasuredRun | undefined) =>
  run?.drain ? `${seconds(run.drain.p50Us)}, ${seconds(run.drain.maxUs)} s` : ''
