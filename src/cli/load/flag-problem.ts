import type { Problem } from '../../base/problem.ts'

/** A mistake in the value of a flag, with a caret under the part of it that is wrong; without one under all of it. */
export const flagProblem = (
  flag: string,
  value: string,
  message: string,
  at?: { readonly offset: number; readonly length: number },
): Problem => ({
  code: 'bad-flag',
  message,
  place: {
    file: flag,
    line: 1,
    column: (at?.offset ?? 0) + 1,
    text: value,
    length: Math.max(1, at?.length ?? value.length),
  },
})
