import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemsText } from '../../src/cli/print-problems.ts'
import { readManifests } from '../../src/cluster/apply-manifests.ts'
import { checkLoadFiles } from '../../src/load/source/check-load-files.ts'
import { readLoadFile } from '../../src/scenario/read-load-file.ts'
import { readScenario } from '../../src/scenario/read-scenario.ts'
import { ROOT } from '../support/podtank.ts'

const files = globSync('scenarios/**/*.yaml', { cwd: ROOT }).filter((path) =>
  readFileSync(join(ROOT, path), 'utf8').includes('podtank: 1'),
)
const isLoad = (path: string) => path.startsWith(join('scenarios', 'load'))
const scenarios = files.filter((path) => !isLoad(path))

describe('the library', () => {
  it.each(scenarios)(
    '%s is a scenario whose manifests are there, and begins by saying what it shows',
    async (path) => {
      const text = readFileSync(join(ROOT, path), 'utf8')
      const read = readScenario(text, join(ROOT, path))
      expect(read.ok ? '' : problemsText(read.error)).toBe('')
      expect(text).toMatch(/^# /)
      const manifests = read.ok ? await readManifests(read.value.manifests) : undefined
      expect(manifests).toMatchObject({ ok: true })
    },
  )

  it.each(files.filter(isLoad))(
    '%s is a load file whose files are there, and begins by saying what it shows',
    async (path) => {
      const text = readFileSync(join(ROOT, path), 'utf8')
      const read = readLoadFile(text, join(ROOT, path))
      expect(read.ok ? '' : problemsText(read.error)).toBe('')
      expect(text).toMatch(/^# /)
      if (read.ok) expect(await checkLoadFiles(read.value.scenario.load)).toEqual([])
    },
  )

  it('has the scenario of the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const [, yaml = ''] = /```yaml\n(podtank: 1\n[\s\S]*?)```/.exec(readme) ?? []
    const read = readScenario(yaml, 'README.md')
    expect(read.ok ? '' : problemsText(read.error)).toBe('')
  })
})
