import { humanCount } from '../../../base/units.ts'
import type { Ledger } from '../../../verdict/verdict.ts'
import { element, type Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'

/** The ledger as two equations, the expectations, and what was checked of the generator. */
export function books({ verdict }: ReportInput): Markup {
  return element(
    'div',
    { class: 'books' },
    element(
      'div',
      { class: 'stacked' },
      ledgerSection(verdict.ledger),
      expectationsSection(verdict),
    ),
    element(
      'section',
      { 'aria-labelledby': 'validity' },
      element('h2', { id: 'validity' }, 'Can the figures be trusted?'),
      element('ul', { class: 'checks validity' }, verdict.validity.map(validityItem)),
    ),
  )
}

function ledgerSection(ledger: Ledger): Markup {
  const notSent = Object.entries(ledger.notSent).map(([reason, count]): Term => [
    `not sent: ${reason}`,
    count,
  ])
  return element(
    'section',
    { 'aria-labelledby': 'ledger' },
    element('h2', { id: 'ledger' }, 'Ledger'),
    equation('planned', ledger.planned, [['sent', ledger.sent], ...notSent]),
    equation('sent', ledger.sent, okFirst(Object.entries(ledger.outcomes))),
    ledger.balances
      ? element(
          'p',
          { class: 'balance good' },
          '✓ every planned request ended in exactly one outcome',
        )
      : element(
          'p',
          { class: 'balance bad' },
          `✗ the books do not balance: ${ledger.imbalance ?? ''}`,
        ),
  )
}

const expectationsSection = ({ expectations }: ReportInput['verdict']): Markup =>
  element(
    'section',
    { 'aria-labelledby': 'expectations' },
    element('h2', { id: 'expectations' }, 'Expectations'),
    expectations.length === 0
      ? element('p', { class: 'muted' }, 'The scenario expects nothing.')
      : element('ul', { class: 'checks' }, expectations.map(expectationItem)),
  )

type Term = readonly [name: string, count: number]

const okFirst = (terms: readonly Term[]): readonly Term[] =>
  terms.toSorted(([left], [right]) => Number(right === 'ok') - Number(left === 'ok'))

function equation(name: string, count: number, terms: readonly Term[]): Markup {
  const term = ([label, value]: Term, sign: string) => [
    element('span', { class: 'sign' }, sign),
    element(
      'span',
      { class: 'term' },
      element('b', {}, humanCount(value)),
      element('small', {}, label),
    ),
  ]
  return element(
    'p',
    { class: 'equation' },
    element(
      'span',
      { class: 'term' },
      element('b', {}, humanCount(count)),
      element('small', {}, name),
    ),
    terms.map((one, at) => term(one, at === 0 ? '=' : '+')),
    terms.length === 0 ? term(['nothing', 0], '=') : undefined,
  )
}

function expectationItem({
  state,
  text,
  observed,
}: ReportInput['verdict']['expectations'][number]) {
  const isMet = state === 'met'
  return element(
    'li',
    { class: isMet ? 'good' : 'bad' },
    element('span', { class: 'check-symbol' }, isMet ? '✓' : '✗'),
    element('code', {}, text),
    element(
      'span',
      { class: 'seen' },
      state === 'no-samples' ? 'nothing was seen' : `seen: ${observed}`,
    ),
  )
}

const VALIDITY = {
  good: { symbol: '✓', tone: 'good' },
  warn: { symbol: '!', tone: 'warn' },
  refuse: { symbol: '✗', tone: 'bad' },
} as const

function validityItem({
  state,
  name,
  observed,
  threshold,
}: ReportInput['verdict']['validity'][number]) {
  const { symbol, tone } = VALIDITY[state]
  return element(
    'li',
    { class: tone },
    element('span', { class: 'check-symbol' }, symbol),
    element('span', {}, name),
    element('b', {}, observed),
    element('span', { class: 'allowed-text' }, `allowed: ${threshold}`),
  )
}
