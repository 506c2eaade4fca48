import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { problemsText } from '../../../src/cli/print-problems.ts'
import { checkLoadFiles } from '../../../src/load/source/check-load-files.ts'
import type { AmmoSpec, LoadSpec } from '../../../src/scenario/scenario.ts'
import { fileOf, loadOf } from './take-all.ts'

const said = async (load: Partial<LoadSpec>): Promise<string> =>
  problemsText(await checkLoadFiles(loadOf(load)))

const saidOfAmmo = (content: string | Uint8Array, format: AmmoSpec['format']): Promise<string> =>
  said({ ammo: { path: fileOf(content), format } })

describe('the files of a load', () => {
  it('are all looked into at once', async () => {
    expect(
      await said({
        ammo: { path: '/nowhere/ammo', format: 'uri' },
        csvPath: '/nowhere/users.csv',
        tls: { caPath: '/nowhere/ca.pem' },
      }),
    ).toBe(
      ['ammo.file: /nowhere/ammo', 'csv: /nowhere/users.csv', 'tls.ca: /nowhere/ca.pem']
        .map(
          (file) =>
            `error: load.${file} cannot be read: ENOENT\n  hint: a path is relative to the folder of the file that names it`,
        )
        .join('\n'),
    )
  })

  it('may be good', async () => {
    expect(await saidOfAmmo('/a\n'.repeat(5_000), 'uri')).toBe('')
    expect(await saidOfAmmo('"POST / HTTP/1.1"\n"GET / HTTP/1.1"\n', 'access')).toBe('')
    expect(await said({ csvPath: fileOf('a\n1\n') })).toBe('')
  })

  it('are told with the line that is wrong', async () => {
    const path = fileOf('3 /a\nx\ny\n[Host: x]\nnonsense here\n')
    expect(await said({ ammo: { path, format: 'uripost' } })).toBe(
      `error: ${path}:5:1: an entry in format uripost is no request: not a size and a path
  nonsense here
  ^^^^^^^^^^^^^`,
    )
  })

  it.each<[string, string | Uint8Array, AmmoSpec['format'], string]>([
    ['a huge line', Buffer.alloc(20 * 1_048_576, 'x'), 'uri', 'the line is too long'],
    [
      'a size too large',
      '9999999 t\nGET / HTTP/1.1\r\n\r\n',
      'phantom',
      'is not 9999999 bytes long',
    ],
    ['NUL bytes', Buffer.alloc(10), 'uri', 'not a path that begins with /'],
    ['a head without an end', '16\nGET / HTTP/1.1\r\n\n', 'phantom', 'no blank line'],
    ['the wrong format', 'GET / HTTP/1.1\n', 'access', 'has no request among its first 1000'],
    ['an empty file', '', 'uri', 'is its format uri?'],
    ['a cut gzip file', gzipSync('/a\n'.repeat(9)).subarray(0, 20), 'uri', 'ends before its end'],
  ])('are told for %s', async (_what, content, format, message) => {
    expect(await saidOfAmmo(content, format)).toContain(message)
  })

  it('tell of no more than ten broken entries', async () => {
    const problems = await checkLoadFiles(
      loadOf({ ammo: { path: fileOf('nothing\n'.repeat(500)), format: 'uri' } }),
    )
    expect(problems).toHaveLength(10)
  })

  it('have the columns that requests name', async () => {
    const request = { method: 'GET', path: '/{{csv.nmae}}', headers: {}, weight: 1, okStatuses: [] }
    expect(await said({ csvPath: fileOf('id,name\n1,2\n'), requests: [request] })).toMatch(
      /\{\{csv\.nmae\}\}: .* has no such column\n {2}hint: did you mean "name"\?/,
    )
    expect(await said({ csvPath: fileOf('id\n1,2\n') })).toContain(':2:1: there are 2 fields')
  })

  it('are certificates and keys where these are asked for', async () => {
    const tls = join(import.meta.dirname, '..', '..', 'support', 'tls')
    const caPath = join(tls, 'ca.pem')
    expect(readFileSync(caPath, 'utf8')).toContain('CERTIFICATE')
    expect(await said({ tls: { caPath } })).toBe('')
    expect(await said({ tls: { keyPath: caPath } })).toContain('holds no PRIVATE KEY')
    expect(await said({ tls: { caPath: '/' } })).toContain('load.tls.ca: / is not a file')
  })
})
