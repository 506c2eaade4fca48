import { humanCount, humanShare, humanUs } from '../../../base/units.ts'
import { isLoadAlone, type Recording } from '../../../recording/recording.ts'
import { failedIn } from '../../../verdict/keep-ledger.ts'
import { element, type Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'

const SYMBOLS = { passed: '✓', failed: '✗', inconclusive: '?', aborted: '■' } as const

/** What ran, where and when. */
export function masthead(recording: Recording): Markup {
  const { meta, plan, lastAtUs } = recording
  const facts = [
    isLoadAlone(recording) ? `load to ${plan.address}` : `on ${meta.environment.cluster}`,
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

interface Figure {
  readonly name: string
  readonly value: string
  readonly more: string
}

/** The four figures that one remembers. */
export function keyFigures(input: ReportInput): Markup {
  const figures = [
    failedFigure(input),
    ...(isLoadAlone(input.recording)
      ? [rateFigure(input), timeFigure(input), tailFigure(input)]
      : [causeFigure(input), timeFigure(input), drainFigure(input)]),
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

function failedFigure({ verdict: { ledger } }: ReportInput): Figure {
  const failed = failedIn(ledger.outcomes)
  return {
    name: 'failed requests',
    value: humanCount(failed),
    more: `${humanShare(failed, ledger.sent)} of ${humanCount(ledger.sent)} sent`,
  }
}

const causeFigure = ({ result: { causes } }: ReportInput): Figure => ({
  name: 'main cause',
  value: causes[0]?.title ?? 'none',
  more: causes[0]
    ? `${humanCount(causes[0].failed)} requests, ${causes[0].confidence} confidence`
    : 'nothing failed',
})

const rateFigure = ({ result: { rate } }: ReportInput): Figure => ({
  name: 'answered a second',
  value: humanCount(rate?.answered ?? 0),
  more: `planned ${humanCount(rate?.planned ?? 0)}/s, sent ${humanCount(rate?.sent ?? 0)}/s`,
})

const timeFigure = ({ result: { responseTime } }: ReportInput): Figure => ({
  name: 'response time p99',
  value: responseTime ? humanUs(responseTime.p99Us) : '–',
  more: responseTime
    ? `p50 ${humanUs(responseTime.p50Us)}, longest ${humanUs(responseTime.maxUs)}`
    : 'no answers',
})

const tailFigure = ({ result: { responseTime, serviceTime } }: ReportInput): Figure => ({
  name: 'response time p99.9',
  value: responseTime ? humanUs(responseTime.p999Us) : '–',
  more: serviceTime ? `service time p99.9 ${humanUs(serviceTime.p999Us)}` : 'no answers',
})

const drainFigure = ({ result: { drain } }: ReportInput): Figure => ({
  name: 'longest drain time',
  value:
    drain.new || drain.reused
      ? humanUs(Math.max(drain.new?.maxUs ?? 0, drain.reused?.maxUs ?? 0))
      : '–',
  more: drain.pods === 0 ? 'no pod was deleted' : `${drain.pods} pods deleted under load`,
})
