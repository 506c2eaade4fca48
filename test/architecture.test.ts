import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = join(import.meta.dirname, '..', 'src')

/** Which folder may import which; `type` means only `import type` (design, section 3). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  scenario: ['base'],
  load: ['scenario', 'base'],
  cluster: ['scenario', 'base'],
  lab: ['base'],
  recording: ['load (type)', 'cluster (type)', 'scenario (type)', 'base'],
  analysis: ['recording', 'base'],
  verdict: ['analysis', 'recording', 'base'],
  report: ['verdict', 'analysis', 'recording', 'base'],
  view: ['recording', 'analysis', 'base'],
  run: ['load', 'cluster', 'recording', 'scenario', 'base'],
  try: ['cluster', 'scenario', 'base'],
}

/** Packages that only one folder may know. */
const OWNED_BY: Readonly<Record<string, string>> = {
  undici: 'load',
  '@kubernetes/client-node': 'cluster',
  ink: 'view',
  react: 'view',
  uplot: 'report',
  commander: 'cli',
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g

interface Import {
  readonly file: string
  readonly folder: string
  readonly isType: boolean
  readonly module: string
}

const imports: Import[] = globSync('**/*.{ts,tsx}', { cwd: src }).flatMap((path) => {
  const file = path.replaceAll('\\', '/')
  const text = readFileSync(join(src, path), 'utf8')
  return [...text.matchAll(IMPORT)].map((match) => ({
    file,
    folder: file.split('/')[0] ?? '',
    isType: match[1] !== undefined,
    module: match[2] ?? match[3] ?? match[4] ?? '',
  }))
})

/** The folder that a relative import leads to; undefined within the same folder and for packages. */
function foreignFolder({ file, folder, module }: Import): string | undefined {
  if (!module.startsWith('.')) return undefined
  const target = posix.join(posix.dirname(file), module)
  const [first = ''] = target.split('/')
  return target.includes('/') && first !== folder ? first : undefined
}

describe('the architecture', () => {
  it('lets imports go only forward', () => {
    const wrong = imports.flatMap((one) => {
      const target = foreignFolder(one)
      const allowed = MAY_IMPORT[one.folder]
      if (target === undefined || !allowed) return []
      const isAllowed =
        allowed.includes(target) || (one.isType && allowed.includes(`${target} (type)`))
      return isAllowed
        ? []
        : [`${one.file} imports ${one.module}: ${one.folder} must not import ${target}`]
    })
    expect(wrong).toEqual([])
  })

  it('knows each folder', () => {
    const known = [...Object.keys(MAY_IMPORT), 'cli', 'main.ts']
    expect(
      [...new Set(imports.map((one) => one.folder))].filter((folder) => !known.includes(folder)),
    ).toEqual([])
  })

  it('keeps each foreign package in the one folder that owns it', () => {
    const wrong = imports.flatMap((one) => {
      const owner = Object.entries(OWNED_BY).find(
        ([name]) => one.module === name || one.module.startsWith(`${name}/`),
      )?.[1]
      return owner === undefined || owner === one.folder
        ? []
        : [`${one.file} imports ${one.module}`]
    })
    expect(wrong).toEqual([])
  })

  it('prints only from cli and main', () => {
    const printing = globSync('**/*.{ts,tsx}', { cwd: src })
      .map((path) => path.replaceAll('\\', '/'))
      // The guardian is a process of its own; its stdout is a pipe to the run.
      .filter((path) => !/^(?:cli|lab)\/|^main\.ts$|\/guardian-main\.ts$/.test(path))
      .filter((path) =>
        /\bconsole\.|process\.(?:stdout|stderr)\b/.test(readFileSync(join(src, path), 'utf8')),
      )
    expect(printing).toEqual([])
  })

  it('has no barrel, and no file with a name that says nothing', () => {
    const bad = globSync('**/*.{ts,tsx}', { cwd: src }).filter((path) =>
      /(?:^|[/\\])(?:index|utils?|helpers?|common|manager|misc)\.tsx?$/.test(path),
    )
    expect(bad).toEqual([])
  })

  it('keeps the compiler’s checks on', () => {
    const holes = globSync('**/*.{ts,tsx}', { cwd: src }).filter((path) =>
      /@ts-(?:ignore|nocheck|expect-error)/.test(readFileSync(join(src, path), 'utf8')),
    )
    expect(holes).toEqual([])
  })
})
