import { analyse } from '../../src/analysis/analyse.ts'
import { podLives } from '../../src/analysis/pod-lives.ts'
import type { Recording } from '../../src/recording/recording.ts'
import { buildResult } from '../../src/report/build-result.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { renderWatchHtml } from '../../src/report/html/render-watch-html.ts'
import { buildWatchResult } from '../../src/report/watch-result.ts'
import { judge } from '../../src/verdict/judge.ts'

/** The HTML report of pods that were watched. */
export const watchReportOf = (recording: Recording): string =>
  renderWatchHtml({
    recording,
    analysis: analyse(recording),
    result: buildWatchResult(recording, podLives(recording)),
  })

/** The HTML report of a recording, with everything derived as the program does. */
export function reportOf(recording: Recording): string {
  const analysis = analyse(recording)
  const verdict = judge(recording, analysis)
  const result = buildResult(recording, analysis, verdict)
  return renderHtml({ recording, analysis, verdict, result })
}
