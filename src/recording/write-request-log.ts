import { closeSync, openSync, writeSync } from 'node:fs'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'

/** Takes the lines of every request of a run; they reach the disk at once. */
export interface RequestLog {
  append(lines: string): void
  close(): void
}

/** Makes a request log, which must not be there yet. `onFailure` is called once, when the disk refuses. */
export function writeRequestLog(
  path: string,
  onFailure: (problem: Problem) => void,
): Result<RequestLog, Problem> {
  let file: number
  try {
    file = openSync(path, 'wx', 0o644)
  } catch (error) {
    return fail(problemOf(path, error))
  }
  let isBroken = false
  return succeed({
    append(lines) {
      if (isBroken) return
      const bytes = Buffer.from(lines)
      try {
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
      } catch (error) {
        isBroken = true
        onFailure(problemOf(path, error))
      }
    },
    close: () => closeSync(file),
  })
}

const problemOf = (path: string, error: unknown): Problem => ({
  code: 'recording-not-writable',
  message: `${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
  hint: 'free some space, or leave out --requests',
})
