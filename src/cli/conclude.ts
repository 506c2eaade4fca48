import { relative } from 'node:path'
import { renderText } from '../report/text.ts'
import type { ExecutedRun } from './execute-run.ts'
import { type Host, print, say } from './host.ts'
import { resultJson } from './write-outputs.ts'

/** Prints the outcome of a run and gives its exit code. */
export function conclude(
  host: Host,
  { result, directory }: ExecutedRun,
  output: 'text' | 'json',
): number {
  if (output === 'json') print(host, resultJson(result))
  else print(host, `${renderText(result)}\n`)
  say(host, `report     ${relative(host.cwd, directory) || '.'}/report.html`)
  return result.verdict.exitCode
}
