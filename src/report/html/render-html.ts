import { createHash } from 'node:crypto'
import { pageAssets } from './assets.ts'
import { drawPatterns } from './draw/patterns.ts'
import { element, type Markup, toHtml } from './markup.ts'
import { DATA_ID, embeddedJson } from './page-data.ts'
import type { ReportInput } from './report-input.ts'
import { isLoadAlone } from '../../recording/recording.ts'
import { books } from './sections/books.ts'
import { causesSection } from './sections/causes.ts'
import { drainSection } from './sections/drain.ts'
import { footer } from './sections/footer.ts'
import { keyFigures, masthead, verdictBlock } from './sections/head.ts'
import { loadFigures } from './sections/load-figures.ts'
import { tablesSection } from './sections/tables.ts'
import { timelineSection } from './sections/timeline-section.ts'
import { windowsSection } from './sections/windows.ts'
import type { Timeline } from './timeline/timeline.ts'
import { BINS, timelineOf } from './timeline/timeline-of.ts'

/**
 * The report as one HTML file that needs no network and, for everything but zooming, no script. The same
 * input gives the same bytes. Only its own script and style may run: the policy names them by their hashes.
 */
export function renderHtml(input: ReportInput): string {
  const { script, style } = pageAssets()
  const timeline = timelineOf(input.recording, input.analysis, BINS.zoomable)
  const title = `${input.verdict.outcome}: ${input.recording.plan.scenario.name} · podtank`
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    toHtml(
      element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy(script, style) }),
    ),
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    toHtml(element('title', {}, title)),
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    toHtml(body(input, timeline)),
    `<script type="application/json" id="${DATA_ID}">${embeddedJson({ timeline })}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const policy = (script: string, style: string): string =>
  [
    "default-src 'none'",
    `script-src '${sha256(script)}'`,
    `style-src '${sha256(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

const sha256 = (text: string): string =>
  `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`

const body = (input: ReportInput, timeline: Timeline): readonly (Markup | undefined)[] => [
  drawPatterns(),
  masthead(input),
  element(
    'main',
    {},
    verdictBlock(input),
    keyFigures(input),
    books(input),
    timelineSection(timelineOf(input.recording, input.analysis, BINS.fixed)),
    isLoadAlone(input.recording) || input.result.byTag || input.result.stop
      ? loadFigures(input)
      : undefined,
    causesSection(input),
    windowsSection(input),
    drainSection(input),
    tablesSection(input, timeline),
  ),
  footer(input),
]
