import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { Problem } from '../base/problem.ts'
import { fail, type Result } from '../base/result.ts'
import { readScenario } from '../scenario/read-scenario.ts'
import type { ClusterScenario } from '../scenario/scenario.ts'
import type { Host } from './host.ts'

/** Reads a scenario file, or gives all that is wrong with it. */
export function loadScenario(
  host: Host,
  file: string,
): Result<ClusterScenario, readonly Problem[]> {
  const path = resolve(host.cwd, file)
  try {
    const shown = relative(host.cwd, path)
    return readScenario(readFileSync(path, 'utf8'), shown.startsWith('..') ? path : shown)
  } catch (error) {
    return fail([
      {
        code: 'scenario-not-readable',
        message: `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
        hint: 'name a scenario file; podtank demo needs none',
      },
    ])
  }
}
