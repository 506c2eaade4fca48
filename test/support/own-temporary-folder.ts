import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Vitest's global set-up: what the tests leave in the temporary folder goes into one of their own, which goes at the end. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'podtank-tests-'))
  // Some tests run as another user.
  chmodSync(folder, 0o1777)
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
