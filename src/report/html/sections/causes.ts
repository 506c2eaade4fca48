import { humanAt, humanCount, humanShare, plural } from '../../../base/units.ts'
import type { CauseFound, ShutdownAdvice } from '../../../analysis/analysis.ts'
import { failedIn } from '../../../verdict/keep-ledger.ts'
import { element, type Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'

/** Every cause found, with evidence and fix; the one with most failures first. */
export function causesSection({ analysis, verdict }: ReportInput): Markup | undefined {
  if (analysis.causes.length === 0) return undefined
  const failed = failedIn(verdict.ledger.outcomes)
  return element(
    'section',
    { 'aria-labelledby': 'causes' },
    element('h2', { id: 'causes' }, 'Causes and what to do'),
    analysis.causes.map((cause) => causeCard(cause, failed)),
  )
}

function causeCard(cause: CauseFound, failed: number): Markup {
  return element(
    'article',
    { class: 'card cause', id: `cause-${cause.cause}` },
    element(
      'header',
      {},
      element('h3', {}, cause.title),
      element(
        'p',
        { class: 'tags' },
        element(
          'span',
          { class: 'tag strong' },
          `${humanCount(cause.failed)} of ${humanCount(failed)} failures (${humanShare(cause.failed, failed)})`,
        ),
        element(
          'span',
          { class: `tag confidence ${cause.confidence}` },
          `confidence: ${cause.confidence}`,
        ),
        element('code', { class: 'tag' }, cause.cause),
      ),
    ),
    element(
      'div',
      { class: 'cause-body' },
      element(
        'div',
        {},
        element('p', {}, cause.explanation),
        cause.evidence.length === 0 ? undefined : element('h4', {}, 'Evidence'),
        evidenceList(cause.evidence),
        podNames(cause.pods),
      ),
      element(
        'div',
        {},
        element('h4', {}, 'Fix'),
        element('p', {}, cause.fix.text),
        cause.fix.yaml === undefined ? undefined : yamlBlock(cause.fix.yaml),
      ),
    ),
  )
}

const MAX_EVIDENCE = 12

const evidenceList = (evidence: CauseFound['evidence']): Markup =>
  element(
    'ol',
    { class: 'evidence' },
    evidence
      .slice(0, MAX_EVIDENCE)
      .map(({ atUs, text }) =>
        element('li', {}, element('time', {}, `${humanAt(atUs)} s`), element('span', {}, text)),
      ),
  )

const NAMED_PODS = 12

/** Names of pods as a line; beyond a dozen only their number. */
export function podNames(names: readonly string[]): Markup | undefined {
  if (names.length === 0) return undefined
  const more = names.length - NAMED_PODS
  return element(
    'p',
    { class: 'pods' },
    element('span', { class: 'muted' }, `${plural(names.length, 'pod')}: `),
    names.slice(0, NAMED_PODS).map((name) => [element('code', {}, name), ' ']),
    more > 0 ? `and ${more} more` : undefined,
  )
}

/** YAML to copy; the button works with the page's script only. */
export const yamlBlock = (yaml: string): Markup =>
  element(
    'div',
    { class: 'yaml' },
    element('button', { type: 'button', class: 'copy script-only', hidden: true }, 'Copy'),
    element('pre', {}, element('code', {}, yaml.trimEnd())),
  )

/** What the drain times of the run ask for. */
export const adviceCard = (advice: ShutdownAdvice): Markup =>
  element(
    'article',
    { class: 'card advice' },
    element('h3', {}, 'Shutdown settings by these drain times'),
    element('p', {}, advice.text),
    yamlBlock(advice.yaml),
  )
