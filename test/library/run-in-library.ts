import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunResult } from '../../src/report/result.ts'
import { podtank, ROOT } from '../support/podtank.ts'
import type { FinishedRun } from './check-run.ts'

/** The scenario file of a name in the library. */
export const scenarioFile = (name: string): string => join(ROOT, 'scenarios', name, 'scenario.yaml')

/** Runs a scenario file with the built program, as a user does; `where` are the flags that name the lab or a cluster. */
export async function runFile(file: string, where: readonly string[]): Promise<FinishedRun> {
  const directory = join(mkdtempSync(join(tmpdir(), 'podtank-library-')), 'run')
  const program = podtank(['run', file, ...where, '-o', 'json', '--out', directory])
  const exitCode = await program.ended
  if (program.stdout() === '') throw new Error(`no result, exit ${exitCode}:\n${program.stderr()}`)
  return { exitCode, directory, result: JSON.parse(program.stdout()) as RunResult }
}
