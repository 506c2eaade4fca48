import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { executeTry } from '../../src/cli/execute-try.ts'
import { readTrySpec, type TryFlags } from '../../src/cli/try-flags.ts'
import type { Host } from '../../src/cli/host.ts'
import type { Problem } from '../../src/base/problem.ts'
import type { Result } from '../../src/base/result.ts'
import { type TryResult, tryResultSchema } from '../../src/try/try-result.ts'
import { silentHost } from '../support/silent-host.ts'
import { freePort } from '../lab/apps/run-app.ts'

export const SERVERS = join(import.meta.dirname, 'servers')

/** Tries a server of `servers/`, by default without load and with a grace of 3 s. */
export async function runTry(
  command: readonly string[],
  flags: Partial<TryFlags> & { readonly load?: boolean; readonly start?: number } = {},
): Promise<Result<TryResult, Problem>> {
  const host: Host = { ...silentHost(), cwd: SERVERS, env: process.env }
  const { load = false, start = 10, ...more } = flags
  const spec = readTrySpec(host, command, {
    port: await freePort(),
    grace: 3,
    env: [],
    ...more,
  })
  if (!spec.ok) throw new Error(JSON.stringify(spec.error))
  const result = await executeTry({
    host,
    spec: spec.value,
    lab: { seed: 1 },
    startSeconds: start,
    isStrict: false,
    wantsLoad: load,
    directory: join(mkdtempSync(join(tmpdir(), 'podtank-try-test-')), 'try'),
  })
  if (result.ok) tryResultSchema.parse(JSON.parse(JSON.stringify(result.value)))
  return result
}

/** The codes of all findings, and the verdict. */
export function outline(result: Result<TryResult, Problem>): string[] {
  if (!result.ok) return [`${result.error.code}: ${result.error.message}`]
  return [result.value.verdict.outcome, ...result.value.findings.map(({ code }) => code)]
}
