import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importCommand } from '../../../src/cli/commands/import.ts'
import type { Host } from '../../../src/cli/host.ts'

const CONFIG = `phantom:
  address: 127.0.0.1:8080
  uris: [/]
  timeout: 3s
  load_profile: { load_type: rps, schedule: "const(10,5s)" }
console: { enabled: true }
`

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'import-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Runs `podtank import …` in the directory. */
async function run(...argv: string[]) {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const host = { cwd: directory, stdout, stderr } as unknown as Host
  let exitCode: number | undefined
  await importCommand(host, (code) => (exitCode = code)).parseAsync(argv, { from: 'user' })
  stdout.end()
  stderr.end()
  return { exitCode, stdout: await text(stdout), stderr: await text(stderr) }
}

describe('podtank import tank', () => {
  it('prints the load file, and says on stderr what became of each key', async () => {
    writeFileSync(join(directory, 'load.yaml'), CONFIG)
    const { exitCode, stdout, stderr } = await run('tank', 'load.yaml')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('\n  schedule: const(10,5s)\n')
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'load.yaml:2: mapped: phantom.address → target.through',
      'load.yaml:3: mapped: phantom.uris → load.requests',
    ])
    expect(stderr).toContain('load.yaml:6: dropped: console: the live view')
  })

  it('writes a file, and never over one', async () => {
    writeFileSync(join(directory, 'load.yaml'), CONFIG)
    const first = await run('tank', 'load.yaml', '-o', 'new.yaml')
    expect(first).toMatchObject({ exitCode: 0, stdout: '' })
    expect(readFileSync(join(directory, 'new.yaml'), 'utf8')).toContain(
      'through: http://127.0.0.1:8080',
    )
    const again = await run('tank', 'load.yaml', '-o', 'load.yaml')
    expect(again.exitCode).toBe(2)
    expect(again.stderr).toContain('load.yaml is there already')
    expect(readFileSync(join(directory, 'load.yaml'), 'utf8')).toBe(CONFIG)
  })

  it('ends with 2 when the config cannot be taken over or is not there', async () => {
    writeFileSync(join(directory, 'load.yaml'), 'jmeter: {}\n')
    const other = await run('tank', 'load.yaml')
    expect(other).toMatchObject({ exitCode: 2, stdout: '' })
    expect(other.stderr).toMatch(/^error: load.yaml:1:\d+: jmeter: /)
    const none = await run('tank', 'none.yaml')
    expect(none).toMatchObject({ exitCode: 2, stdout: '' })
    expect(none.stderr).toContain('none.yaml cannot be read: ENOENT')
  })
})
