import { join, relative } from 'node:path'
import { analyse } from '../analysis/analyse.ts'
import { podLives } from '../analysis/pod-lives.ts'
import type { Problem } from '../base/problem.ts'
import { type Result, succeed } from '../base/result.ts'
import type { Recording } from '../recording/recording.ts'
import { renderWatchHtml } from '../report/html/render-watch-html.ts'
import { buildWatchResult } from '../report/watch-result.ts'
import { renderWatchText } from '../report/text-watch.ts'
import { EXIT } from '../verdict/exit-code.ts'
import { exitCodeOfSignal } from './exit-code-of-signal.ts'
import { type Host, print, say } from './host.ts'
import { writeFiles } from './write-outputs.ts'

/**
 * Writes the report of what was watched, prints it, and gives the exit code: no verdict is due, so only a signal other
 * than Ctrl-C is none of 0.
 */
export function concludeWatch(
  host: Host,
  recording: Recording,
  { output, directory }: { readonly output: 'text' | 'json'; readonly directory: string },
): Result<number, Problem> {
  const result = buildWatchResult(recording, podLives(recording))
  const html = renderWatchHtml({ recording, analysis: analyse(recording), result })
  const written = writeFiles(directory, { 'report.html': html })
  if (!written.ok) return written
  if (output === 'json') print(host, JSON.stringify(result, null, 2))
  else print(host, renderWatchText(result))
  say(host, `report     ${relative(host.cwd, join(directory, 'report.html'))}`)
  say(host, `recording  ${relative(host.cwd, directory) || '.'}; podtank replay shows it again`)
  const signal = recording.end?.signal
  return succeed(signal === undefined ? EXIT.passed : exitCodeOfSignal(signal))
}
