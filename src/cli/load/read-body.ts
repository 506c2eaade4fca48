import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { flagProblem } from './flag-problem.ts'

const MAX_BYTES = 16 * 1_048_576

/** The body that `-d` means: its text, or that of the file after @. */
export function readBody(text: string, cwd: string): Result<string, Problem> {
  if (!text.startsWith('@')) return succeed(text)
  const path = resolve(cwd, text.slice(1))
  try {
    const bytes = readFileSync(path)
    if (bytes.length > MAX_BYTES) {
      return fail(flagProblem('--data', text, 'a body of more than 16 MiB'))
    }
    return succeed(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8 text' : code
    return fail(flagProblem('--data', text, `${path} cannot be sent: ${why ?? String(error)}`))
  }
}
