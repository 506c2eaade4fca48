import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyse } from '../analysis/analyse.ts'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { Recording } from '../recording/recording.ts'
import { buildResult } from '../report/build-result.ts'
import { renderHtml } from '../report/html/render-html.ts'
import type { RunResult } from '../report/result.ts'
import { judge } from '../verdict/judge.ts'

/** Derives every output from a recording and writes it into the run's directory. The same recording gives the same bytes. */
export function writeOutputs(recording: Recording, directory: string): Result<RunResult, Problem> {
  const analysis = analyse(recording)
  const verdict = judge(recording, analysis)
  const result = buildResult(recording, analysis, verdict)
  const written = writeFiles(directory, {
    'result.json': resultJson(result),
    'report.html': renderHtml({ recording, analysis, verdict, result }),
  })
  return written.ok ? succeed(result) : written
}

/** Writes what was derived from a recording into its directory, by the files' names. */
export function writeFiles(
  directory: string,
  texts: Readonly<Record<string, string>>,
): Result<undefined, Problem> {
  try {
    for (const [name, text] of Object.entries(texts)) writeWhole(join(directory, name), text)
  } catch (error) {
    return fail({
      code: 'outputs-not-writable',
      message: `the outputs in ${directory} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
      hint: 'free some space; podtank report makes them again from the recording',
    })
  }
  return succeed(undefined)
}

export const resultJson = (result: RunResult): string => `${JSON.stringify(result, null, 2)}\n`

/** All or nothing: a reader never sees half a file. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text)
  renameSync(`${path}.part`, path)
}
