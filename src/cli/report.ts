import type { Problem } from '../base/problem.ts'
import { type Host, say } from './host.ts'
import { problemsText } from './print-problems.ts'

/** Prints problems and gives an exit code. */
export function report(host: Host, problems: readonly Problem[], exitCode: number): number {
  say(host, problemsText(problems))
  return exitCode
}
