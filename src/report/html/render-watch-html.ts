import type { Analysis } from '../../analysis/analysis.ts'
import type { Recording } from '../../recording/recording.ts'
import type { WatchResult } from '../watch-result.ts'
import { drawPatterns } from './draw/patterns.ts'
import { htmlPage } from './html-page.ts'
import { element, type Markup } from './markup.ts'
import { footer } from './sections/footer.ts'
import { masthead } from './sections/head.ts'
import { endpointsFolded, gapsFolded } from './sections/tables.ts'
import { timelineSection } from './sections/timeline-section.ts'
import { podLivesSection, watchSummary } from './sections/watch.ts'
import { BINS, timelineOf } from './timeline/timeline-of.ts'

/** What the report of a watch is made of. */
export interface WatchReportInput {
  readonly recording: Recording
  readonly analysis: Analysis
  readonly result: WatchResult
}

/** The report of pods that were watched and nothing else: their lanes, and what happened to each when. */
export function renderWatchHtml({ recording, analysis, result }: WatchReportInput): string {
  const timeline = timelineOf(recording, analysis, BINS.zoomable)
  const body: readonly Markup[] = [
    drawPatterns(),
    masthead(recording),
    element(
      'main',
      {},
      watchSummary(result),
      timelineSection(timelineOf(recording, analysis, BINS.fixed)),
      podLivesSection(result),
      element(
        'section',
        { 'aria-labelledby': 'tables' },
        element('h2', { id: 'tables' }, 'The same as tables'),
        endpointsFolded(timeline),
        gapsFolded(timeline),
      ),
    ),
    footer(recording),
  ]
  return htmlPage(`watched: ${result.workload ?? 'pods'} · podtank`, body, timeline)
}
