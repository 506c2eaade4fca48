import { chmodSync, existsSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { BIN, start } from '../support/podtank.ts'

const PATH = process.env['PATH'] ?? ''
const hasKubectl = PATH.split(delimiter).some((folder) => existsSync(join(folder, 'kubectl')))

/** What npm does with `bin` of package.json, in a folder of its own that is in PATH. */
function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podtank-plugin-'))
  chmodSync(BIN, 0o755)
  symlinkSync(BIN, join(folder, 'kubectl-podtank'))
  return [folder, dirname(process.execPath), PATH].join(delimiter)
}

it.skipIf(!hasKubectl)(
  'kubectl finds podtank as its plugin, passes flags and exit codes on',
  async () => {
    const env = { PATH: installed(), HOME: tmpdir() }
    const version = start('kubectl', ['podtank', 'version'], { env })
    expect([await version.ended, version.stderr()]).toEqual([0, ''])
    expect(version.stdout()).toMatch(/^podtank \d+\.\d+\.\d+, Node\.js \d+\./)
    const listed = start('kubectl', ['plugin', 'list'], { env })
    await listed.ended
    expect(listed.stdout()).toContain('/kubectl-podtank')
    const help = start('kubectl', ['podtank', 'watch', '--help'], { env })
    expect(await help.ended).toBe(0)
    expect(help.stdout()).toContain('Usage: kubectl podtank watch [options] [type/name]')
    const wrong = start('kubectl', ['podtank', 'watch', 'service/web'], { env })
    expect(await wrong.ended).toBe(2)
  },
)
