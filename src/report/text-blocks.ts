import { humanCount } from '../base/units.ts'
import type { RunResult } from './result.ts'

/** The two equations of the ledger. */
export function ledgerLines({ ledger }: RunResult): string[] {
  const notSent = Object.entries(ledger.notSent).map(
    ([reason, count]) => `${humanCount(count)} not sent (${reason})`,
  )
  const okFirst = Object.entries(ledger.outcomes).sort(
    ([left], [right]) => Number(right === 'ok') - Number(left === 'ok'),
  )
  const outcomes = okFirst.map(([outcome, count]) => `${humanCount(count)} ${outcome}`)
  const planned = [`${humanCount(ledger.sent)} sent`, ...notSent].join(' + ')
  const sent = `${outcomes.join(' + ') || '0'}${ledger.balances ? '' : '   DOES NOT BALANCE'}`
  return [
    ...wrap(`ledger     ${humanCount(ledger.planned)} planned = ${planned}`, 11),
    ...wrap(`${' '.repeat(11)}${humanCount(ledger.sent)} sent = ${sent}`, 11),
  ]
}

const COLUMNS = 80

/** A text in lines of at most 80 columns, broken at blanks; those after the first are indented. */
export function wrap(text: string, indent: number): string[] {
  const lines: string[] = []
  let line = text
  while (line.length > COLUMNS) {
    const blank = line.lastIndexOf(' ', COLUMNS)
    if (blank <= indent) break
    lines.push(line.slice(0, blank).trimEnd())
    line = ' '.repeat(indent) + line.slice(blank + 1)
  }
  return [...lines, line]
}

/** Each expectation, met or not. */
export const expectationLines = ({ expectations }: RunResult): string[] =>
  expectations.map(
    ({ state, text, observed }) => `${state === 'met' ? '✓' : '✗'} ${text}   (seen: ${observed})`,
  )

/** What speaks against the figures. */
export const validityLines = ({ validity }: RunResult): string[] =>
  validity
    .filter((check) => check.state !== 'good')
    .map(
      ({ name, observed, threshold, state }) =>
        `${state === 'refuse' ? '!' : '·'} ${name}: ${observed} (allowed ${threshold})`,
    )
