import { humanCount, humanShare, humanUs } from '../../../base/units.ts'
import { failedIn } from '../../../verdict/keep-ledger.ts'
import { element, type Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'

const SYMBOLS = { passed: '✓', failed: '✗', inconclusive: '?', aborted: '■' } as const

/** What ran, where and when. */
export function masthead({ recording: { meta, plan, lastAtUs } }: ReportInput): Markup {
  const facts = [
    `on ${meta.environment.cluster}`,
    `${meta.startedAt.slice(0, 19).replace('T', ' ')} UTC`,
    humanUs(lastAtUs),
  ]
  return element(
    'header',
    { class: 'masthead' },
    element('p', { class: 'brand' }, 'podtank'),
    element('p', { class: 'run-name' }, plan.scenario.name),
    element(
      'ul',
      { class: 'run-facts' },
      facts.map((fact) => element('li', {}, fact)),
    ),
    element('button', { type: 'button', id: 'theme', class: 'script-only', hidden: true }, 'Dark'),
  )
}

/** The verdict first: symbol, word, and the sentence that a manager can read. */
export function verdictBlock(input: ReportInput): Markup {
  const { verdict, recording } = input
  return element(
    'section',
    { class: `verdict ${verdict.outcome}`, 'aria-labelledby': 'verdict' },
    element('div', { class: 'symbol', 'aria-hidden': 'true' }, SYMBOLS[verdict.outcome]),
    element(
      'div',
      {},
      element('h1', { id: 'verdict' }, verdict.outcome.toUpperCase()),
      element('p', { class: 'sentence' }, verdict.sentence),
      recording.plan.scenario.about === undefined
        ? undefined
        : element('p', { class: 'about' }, recording.plan.scenario.about),
      (recording.end?.notRestored ?? []).map((what) =>
        element('p', { class: 'not-restored' }, `✗ Not put back: ${what}`),
      ),
    ),
  )
}

/** The four figures that one remembers. */
export function keyFigures({ verdict: { ledger }, result }: ReportInput): Markup {
  const failed = failedIn(ledger.outcomes)
  const { responseTime, drain, causes } = result
  const figures = [
    {
      name: 'failed requests',
      value: humanCount(failed),
      more: `${humanShare(failed, ledger.sent)} of ${humanCount(ledger.sent)} sent`,
    },
    {
      name: 'main cause',
      value: causes[0]?.title ?? 'none',
      more: causes[0]
        ? `${humanCount(causes[0].failed)} requests, ${causes[0].confidence} confidence`
        : 'nothing failed',
    },
    {
      name: 'response time p99',
      value: responseTime ? humanUs(responseTime.p99Us) : '–',
      more: responseTime
        ? `p50 ${humanUs(responseTime.p50Us)}, longest ${humanUs(responseTime.maxUs)}`
        : 'no answers',
    },
    {
      name: 'longest drain time',
      value:
        drain.new || drain.reused
          ? humanUs(Math.max(drain.new?.maxUs ?? 0, drain.reused?.maxUs ?? 0))
          : '–',
      more: drain.pods === 0 ? 'no pod was deleted' : `${drain.pods} pods deleted under load`,
    },
  ]
  return element(
    'dl',
    { class: 'figures' },
    figures.map(({ name, value, more }) =>
      element(
        'div',
        {},
        element('dt', {}, name),
        element(
          'dd',
          {},
          element('strong', { class: value.length > 14 ? 'words' : '' }, value),
          element('span', {}, more),
        ),
      ),
    ),
  )
}
