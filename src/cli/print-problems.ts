import type { Problem } from '../base/problem.ts'
import { sanitize } from '../base/sanitize.ts'

/** Problems as a person should read them: what, where with a caret, what to do. */
export const problemsText = (problems: readonly Problem[]): string =>
  problems.map((problem) => problemText(problem)).join('\n')

function problemText({ message, hint, place }: Problem): string {
  const said = sanitize(message, 1_000)
  const lines = place
    ? [
        `error: ${place.file}:${place.line}:${place.column}: ${said}`,
        `  ${sanitize(place.text)}`,
        `  ${' '.repeat(Math.max(0, place.column - 1))}${'^'.repeat(place.length)}`,
      ]
    : [`error: ${said}`]
  return [...lines, ...(hint === undefined ? [] : [`  hint: ${sanitize(hint, 1_000)}`])].join('\n')
}
