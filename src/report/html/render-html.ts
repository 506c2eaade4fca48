import { drawPatterns } from './draw/patterns.ts'
import { htmlPage } from './html-page.ts'
import { element, type Markup } from './markup.ts'
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

/** The report of a run. */
export function renderHtml(input: ReportInput): string {
  const timeline = timelineOf(input.recording, input.analysis, BINS.zoomable)
  const title = `${input.verdict.outcome}: ${input.recording.plan.scenario.name} · podtank`
  return htmlPage(title, body(input, timeline), timeline)
}

const body = (input: ReportInput, timeline: Timeline): readonly (Markup | undefined)[] => [
  drawPatterns(),
  masthead(input.recording),
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
  footer(input.recording),
]
