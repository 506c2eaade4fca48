import { relative } from 'node:path'
import { podLives } from '../analysis/pod-lives.ts'
import type { Recording } from '../recording/recording.ts'
import { buildWatchResult } from '../report/watch-result.ts'
import { renderWatchText } from '../report/text-watch.ts'
import { EXIT } from '../verdict/exit-code.ts'
import { exitCodeOfSignal } from './exit-code-of-signal.ts'
import { type Host, print, say } from './host.ts'

/** Prints what was watched, and gives the exit code: no verdict is due, so only a signal other than Ctrl-C is none of 0. */
export function concludeWatch(
  host: Host,
  recording: Recording,
  { output, directory }: { readonly output: 'text' | 'json'; readonly directory: string },
): number {
  const result = buildWatchResult(recording, podLives(recording))
  if (output === 'json') print(host, JSON.stringify(result, null, 2))
  else print(host, renderWatchText(result))
  say(host, `recording  ${relative(host.cwd, directory) || '.'}; podtank replay shows it again`)
  const signal = recording.end?.signal
  return signal === undefined ? EXIT.passed : exitCodeOfSignal(signal)
}
