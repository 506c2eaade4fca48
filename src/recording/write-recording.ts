import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory } from '../base/make-directory.ts'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { Entry } from './entry.ts'
import { entryLine } from './entry-line.ts'

/** The name of the recording in a run's directory. */
export const RECORDING_FILE = 'recording.ndjson'

/** Appends entries to `recording.ndjson`. */
export interface RecordingWriter {
  append(entry: Entry): void
  /** Writes what is still held back and closes the file; harmless when called twice. */
  close(): void
}

/** Entries reach the disk at most this much later, so that SIGKILL costs no more. */
const FLUSH_MS = 100

/**
 * Makes the run's directory and its recording, which must not be there yet. `onFailure` is called once, when the
 * disk refuses; everything after is dropped.
 */
export function writeRecording(
  directory: string,
  onFailure: (problem: Problem) => void,
): Result<RecordingWriter, Problem> {
  let file: number
  try {
    makeDirectory(directory)
    file = openSync(join(directory, RECORDING_FILE), 'wx', 0o644)
  } catch (error) {
    return fail({
      code: 'directory-not-usable',
      message: `no recording can be made in ${directory}: ${codeOf(error)}`,
      hint: 'choose a directory with --out that has none yet',
    })
  }
  let held: string[] = []
  let isBroken = false
  let isClosed = false

  const flush = () => {
    if (held.length === 0 || isBroken) return
    const bytes = Buffer.from(`${held.join('\n')}\n`)
    held = []
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    } catch (error) {
      isBroken = true
      onFailure(diskProblem(directory, error))
    }
  }
  const timer = setInterval(flush, FLUSH_MS)

  return succeed({
    append: (entry) => {
      held.push(entryLine(entry))
    },
    close() {
      if (isClosed) return
      isClosed = true
      clearInterval(timer)
      flush()
      closeSync(file)
    },
  })
}

const codeOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}

const diskProblem = (directory: string, error: unknown): Problem => ({
  code: 'recording-not-writable',
  message: `the recording in ${directory} cannot be written: ${codeOf(error)}`,
  hint: 'free some space, or choose another directory with --out',
})
