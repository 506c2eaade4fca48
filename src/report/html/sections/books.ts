import { humanCount } from '../../../base/units.ts'
import { element, type Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'

/** The ledger as two equations, the expectations, and what was checked of the generator. */
export function books({ verdict }: ReportInput): Markup {
  return element(
    'div',
    { class: 'books' },
    element(
      'section',
      { 'aria-labelledby': 'ledger' },
      element('h2', { id: 'ledger' }, 'Ledger'),
      equation('planned', verdict.ledger.planned, [['sent', verdict.ledger.sent], ...Object.entries(verdict.ledger.notSent).map(([reason, count]): Term => [`not sent: ${reason}`, count])]),
      equation('sent', verdict.ledger.sent, okFirst(Object.entries(verdict.ledger.outcomes))),
      verdict.ledger.balances
        ? element('p', { class: 'balance good' }, '✓ every planned request ended in exactly one outcome')
        : element('p', { class: 'balance bad' }, `✗ the books do not balance: ${verdict.ledger.imbalance ?? ''}`),
    ),
    element(
      'section',
      { 'aria-labelledby': 'expectations' },
      element('h2', { id: 'expectations' }, 'Expectations'),
      verdict.expectations.length === 0
        ? element('p', { class: 'muted' }, 'The scenario expects nothing.')
        : element('ul', { class: 'checks' }, verdict.expectations.map(expectationItem)),
    ),
    element(
      'section',
      { 'aria-labelledby': 'validity' },
      element('h2', { id: 'validity' }, 'Can the figures be trusted?'),
      element('ul', { class: 'checks' }, verdict.validity.map(validityItem)),
    ),
  )
}

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
    element('span', { class: 'term' }, element('b', {}, humanCount(count)), element('small', {}, name)),
    terms.map((one, at) => term(one, at === 0 ? '=' : '+')),
    terms.length === 0 ? term(['nothing', 0], '=') : undefined,
  )
}

function expectationItem({ state, text, observed }: ReportInput['verdict']['expectations'][number]) {
  const isMet = state === 'met'
  return element(
    'li',
    { class: isMet ? 'good' : 'bad' },
    element('span', { class: 'check-symbol' }, isMet ? '✓' : '✗'),
    element('code', {}, text),
    element('span', { class: 'seen' }, state === 'no-samples' ? 'nothing was seen' : `seen: ${observed}`),
  )
}

const VALIDITY = {
  good: { symbol: '✓', tone: 'good' },
  warn: { symbol: '!', tone: 'warn' },
  refuse: { symbol: '✗', tone: 'bad' },
} as const

function validityItem({ state, name, observed, threshold }: ReportInput['verdict']['validity'][number]) {
  const { symbol, tone } = VALIDITY[state]
  return element(
    'li',
    { class: tone },
    element('span', { class: 'check-symbol' }, symbol),
    element('span', {}, name),
    element('span', { class: 'seen' }, `${observed}  (allowed: ${threshold})`),
  )
}
