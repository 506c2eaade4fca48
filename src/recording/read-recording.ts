import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { type Entry, RECORDING_FORMAT } from './entry.ts'
import { entryOfLine } from './entry-line.ts'
import { collectRecording, type Recording } from './recording.ts'
import { RECORDING_FILE } from './write-recording.ts'

/** Reads a run's recording whole. A last line that was cut is left out; the run then has no `end`. */
export async function readRecording(directory: string): Promise<Result<Recording, Problem>> {
  const entries = await readEntries(directory)
  if (!entries.ok) return entries
  const recording = collectRecording(entries.value)
  return recording
    ? succeed(recording)
    : fail({
        code: 'recording-empty',
        message: `the recording in ${directory} ends before the run began: there is nothing to report`,
      })
}

/** Reads the entries in their order. */
export async function readEntries(directory: string): Promise<Result<Entry[], Problem>> {
  const path = join(directory, RECORDING_FILE)
  const entries: Entry[] = []
  let badLine: number | undefined
  let lineNumber = 0
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
      lineNumber++
      if (badLine !== undefined) return fail(badLineProblem(path, badLine))
      const entry = entryOfLine(line)
      if (entry === undefined) badLine = lineNumber
      else entries.push(entry)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fail({
      code: 'recording-not-readable',
      message: `there is no readable recording at ${path}: ${code ?? 'unknown error'}`,
      hint: 'name the directory of a run, such as reports/demo-…',
    })
  }
  const [first] = entries
  if (first?.kind === 'meta' && first.format > RECORDING_FORMAT) {
    return fail({
      code: 'recording-too-new',
      message: `the recording has format ${first.format}; this podtank reads up to ${RECORDING_FORMAT}`,
      hint: 'use the podtank that made it, or a newer one',
    })
  }
  return succeed(entries)
}

/** Only the last line may be broken: that is what a kill leaves. */
function badLineProblem(path: string, line: number): Problem {
  return { code: 'recording-damaged', message: `${path}: line ${line} is not an entry` }
}
