import { createHash } from 'node:crypto'
import { pageAssets } from '../report/html/assets.ts'
import { element, type Markup, toHtml } from '../report/html/markup.ts'
import { yamlBlock } from '../report/html/sections/causes.ts'
import { processDepth } from '../try/process-depth.ts'
import type { TryResult } from '../try/try-result.ts'

const OUTCOME_CLASS = { graceful: 'passed', 'not-graceful': 'failed', inconclusive: 'inconclusive' }
const OUTCOME_SYMBOL = { graceful: '✓', 'not-graceful': '✗', inconclusive: '?' }
const STATE_CLASS = { good: 'good', advice: 'warn', bad: 'bad', unknown: 'warn' }
const STATE_SYMBOL = { good: '✓', advice: '·', bad: '✗', unknown: '?' }

/**
 * The report of a try as one HTML file, in the style of a run's: no script, and nothing from any network. The reports of
 * its runs under load are linked, and lie beside it.
 */
export function tryReport(result: TryResult): string {
  const { style } = pageAssets()
  const hash = createHash('sha256').update(style, 'utf8').digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    toHtml(element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy })),
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    toHtml(
      element('title', {}, `${result.verdict.outcome}: ${result.command.join(' ')} · podtank`),
    ),
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    toHtml([masthead(result), element('main', {}, mainParts(result)), footer(result)]),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const masthead = ({ command }: TryResult): Markup =>
  element(
    'header',
    { class: 'masthead' },
    element('p', { class: 'brand' }, 'podtank'),
    element('p', { class: 'run-name' }, `try: ${command.join(' ')}`),
  )

const mainParts = (result: TryResult): readonly (Markup | undefined)[] => [
  verdict(result),
  section(
    'findings',
    'What was seen at the stop signal',
    element('ul', { class: 'checks' }, result.findings.map(findingItem)),
  ),
  section('processes', 'Its processes', processTable(result)),
  loadSection(result),
  adviceSection(result),
]

function verdict({ verdict: { outcome, sentence } }: TryResult): Markup {
  return element(
    'section',
    { class: `verdict ${OUTCOME_CLASS[outcome]}`, 'aria-labelledby': 'verdict' },
    element('div', { class: 'symbol', 'aria-hidden': 'true' }, OUTCOME_SYMBOL[outcome]),
    element(
      'div',
      {},
      element('h1', { id: 'verdict' }, outcome.toUpperCase().replace('-', ' ')),
      element('p', { class: 'sentence' }, sentence),
    ),
  )
}

const section = (id: string, title: string, ...parts: readonly (Markup | undefined)[]): Markup =>
  element('section', { 'aria-labelledby': id }, element('h2', { id }, title), parts)

const findingItem = ({ state, about, code, text }: TryResult['findings'][number]): Markup =>
  element(
    'li',
    { class: STATE_CLASS[state] },
    element('span', { class: 'check-symbol', title: state }, STATE_SYMBOL[state]),
    element('span', {}, element('b', {}, about), `: ${text}`),
    element('span', { class: 'seen' }, element('code', {}, code)),
  )

function processTable({ processes }: TryResult): Markup {
  const rows = processes.map((process) => [
    String(process.containerPid),
    `${'  '.repeat(processDepth(process, processes))}${process.command}`,
    process.listens ? 'yes' : '',
    process.endedAfterSeconds === undefined ? 'not seen' : `${process.endedAfterSeconds} s`,
  ])
  return table(['PID', 'command', 'listens', 'ended after the signal'], rows)
}

function loadSection({ load, notRun }: TryResult): Markup | undefined {
  if (load.length === 0 && notRun === undefined) return undefined
  const rows = load.map(
    ({ through, sent, failed, mainCause = '', p99Seconds, outcome, report }) => [
      through,
      `${failed} of ${sent}`,
      p99Seconds === undefined ? '' : `${p99Seconds.toFixed(1)} s`,
      mainCause,
      outcome,
      element('a', { href: report }, 'report'),
    ],
  )
  return section(
    'load',
    'Scaled and restarted under load, without preStop',
    notRun === undefined ? undefined : element('p', { class: 'muted' }, notRun),
    load.length === 0
      ? undefined
      : table(['through', 'failed', 'p99', 'main cause', 'verdict', ''], rows),
  )
}

function adviceSection({ advice, yaml }: TryResult): Markup {
  const rows = advice.map((row) => [
    row.behind,
    `${row.propagationSeconds} s`,
    `${row.preStopSeconds} s`,
    `${row.graceSeconds} s`,
  ])
  if (yaml === undefined) {
    const text =
      'A preStop helps only when the server ends by itself at the signal: mend that first.'
    return section('advice', 'What it needs in a cluster', element('p', {}, text))
  }
  return section(
    'advice',
    'What it needs in a cluster',
    table(['behind', 'forgets a pod within', 'preStop', 'grace'], rows),
    yamlBlock(yaml),
  )
}

const table = (heads: readonly string[], rows: readonly (readonly (string | Markup)[])[]): Markup =>
  element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        heads.map((head) => element('th', {}, head)),
      ),
    ),
    element(
      'tbody',
      {},
      rows.map((row) =>
        element(
          'tr',
          {},
          row.map((cell) => element('td', {}, cell)),
        ),
      ),
    ),
  )

const footer = ({ limits, podtank }: TryResult): Markup =>
  element(
    'footer',
    {},
    element('h2', {}, 'What the lab does not show faithfully'),
    element(
      'ul',
      { class: 'limits' },
      limits.map((limit) => element('li', {}, limit)),
    ),
    element('p', { class: 'muted' }, `podtank ${podtank}. This file asks nothing of any network.`),
  )
