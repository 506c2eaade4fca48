import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readLoadFile } from '../../src/scenario/read-load-file.ts'

const library = join(import.meta.dirname, '..', '..', 'scenarios')
const loadFiles = globSync('load/*.yaml', { cwd: library }).sort()

describe('the load files in the library', () => {
  it('are there', () => {
    expect(loadFiles.length).toBeGreaterThanOrEqual(5)
  })

  it.each(loadFiles)(
    '%s is read whole, says where it goes, and begins with what it shows',
    (file) => {
      const text = readFileSync(join(library, file), 'utf8')
      const read = readLoadFile(text, file)
      expect(read).toMatchObject({ ok: true, value: { ignored: [], url: 'http://127.0.0.1:8080' } })
      expect(text).toMatch(/^# [A-Z]/)
    },
  )

  it.each(
    globSync(['demo/*.yaml', '*/scenario.yaml'], { cwd: library }).filter(
      (file) => !file.includes('web'),
    ),
  )('%s: its load alone can be run too', (file) => {
    const read = readLoadFile(readFileSync(join(library, file), 'utf8'), file)
    if (!read.ok) throw new Error(JSON.stringify(read.error))
    expect(read.value.scenario.changed).toBeUndefined()
    expect(read.value.scenario.steps).toEqual([])
  })
})
