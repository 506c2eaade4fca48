import { basename, dirname, extname, isAbsolute, join, relative } from 'node:path'
import { nearestWord } from '../../base/nearest.ts'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { readLoadFile } from '../read-load-file.ts'
import { parseYaml } from '../yaml-document.ts'
import { importAutostop } from './import-autostop.ts'
import { type ImportNote, ImportNotes } from './import-note.ts'
import { importContent, importPandora } from './import-pandora.ts'
import { importPhantom } from './import-phantom.ts'
import type { LoadDraft } from './load-draft.ts'
import { OTHER_GENERATORS, SECTION_DROPPED } from './tank-dropped.ts'
import { isMap, isOn, type TankMap, TankSection, textOf } from './tank-section.ts'
import { writeLoadFile } from './write-load-file.ts'

/** A load file made from a Tank config, and what became of each of the config's keys, in the file's order. */
export interface ImportedTank {
  readonly yaml: string
  readonly notes: readonly ImportNote[]
}

/**
 * Makes a load file from a Yandex.Tank config: phantom's section or pandora's, or pandora's own config, and autostop's.
 * Fails where the load itself could not be the same; all else that is not taken over is named. `out` is where the
 * result will be: paths in it are from there.
 */
export function importTank(
  text: string,
  file: string,
  out: string = file,
): Result<ImportedTank, readonly Problem[]> {
  if (isIni(text)) return fail([iniProblem(file)])
  const document = parseYaml(text, file)
  if (!('value' in document)) return fail(document)
  const notes = new ImportNotes(document)
  const draft: LoadDraft = { name: nameOf(file), load: {}, stop: [] }
  if (isMap(document.value)) importSections(document.value, draft, notes)
  else notes.problem([], 'not-a-tank-config', 'this is not a config of Yandex.Tank')
  if (notes.problems.length > 0) return fail(notes.problems)
  movePaths(draft, dirname(file), dirname(out))
  notes.comment(
    'expect',
    'Tank passes whatever fails; without this line podtank expects failed == 0',
  )
  const yaml = writeLoadFile(
    draft,
    notes.comments,
    `Made by podtank import tank from ${basename(file)}`,
  )
  const read = readLoadFile(yaml, out)
  if (!read.ok) return fail(read.error.map(unreadable))
  const ordered = notes.notes.toSorted(
    (left, right) => left.line - right.line || left.column - right.column,
  )
  return succeed({ yaml, notes: ordered })
}

/** Makes the paths that are relative to one directory relative to another. */
function movePaths({ load }: LoadDraft, from: string, to: string): void {
  const moved = (path: string) =>
    isAbsolute(path) || from === to ? path : relative(to, join(from, path))
  if (load.ammo) load.ammo.file = moved(load.ammo.file)
  if (load.tls?.cert !== undefined) load.tls.cert = moved(load.tls.cert)
  if (load.tls?.key !== undefined) load.tls.key = moved(load.tls.key)
}

const isIni = (text: string): boolean =>
  /^\s*(?:[;#].*\n\s*)*\[[\w.-]+\]\s*(?:[;#].*)?(?:\n|$)/.test(text)

const iniProblem = (file: string): Problem => ({
  code: 'tank-ini',
  message: `${file} is an INI file, as Tank had them until 2017`,
  hint: "Tank's own yandex-tank-converter makes it YAML",
})

/** Our own reader does not take what was made: the value is in the problem's message, the place is not of their file. */
const unreadable = ({ message, hint }: Problem): Problem => ({
  code: 'import-not-readable',
  message: `what was made cannot be read: ${message}`,
  ...(hint !== undefined && { hint }),
})

function nameOf(file: string): string {
  const name = slug(basename(file, extname(file)))
  return name === '' ? 'load' : name
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, 60)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')

/** What plugin a section is of: its package says it, else its name. */
function pluginOf(name: string, value: unknown): string {
  const from = isMap(value) ? textOf(value['package']) : undefined
  return (from?.split(/[./]/).at(-1) ?? name).toLowerCase()
}

const isSwitchedOff = (value: unknown): boolean =>
  isMap(value) && value['enabled'] !== undefined && !isOn(value['enabled'])

function importSections(config: TankMap, draft: LoadDraft, notes: ImportNotes): void {
  if (config['pools'] !== undefined) {
    importContent(new TankSection(config, [], notes), draft)
    return
  }
  let generator: string | undefined
  for (const [name, value] of Object.entries(config)) {
    const plugin = pluginOf(name, value)
    if (isSwitchedOff(value) && plugin !== 'autostop') notes.dropped([name], 'switched off')
    else if (isGenerator(plugin)) {
      if (generator === undefined) {
        generator = name
        importGenerator(plugin, name, value, draft, notes)
      } else notes.dropped([name], 'a second load; import it into a file of its own')
    } else if (plugin === 'autostop') {
      const section = isMap(value) ? value : { autostop: value }
      importAutostop(new TankSection(section, [name], notes), draft)
    } else dropSection(name, plugin, value, draft, notes)
  }
  if (generator === undefined) {
    notes.problem(
      [],
      'not-a-tank-config',
      'neither phantom nor pandora is there, or both are switched off',
    )
  }
}

const isGenerator = (plugin: string): boolean =>
  plugin === 'pandora' ||
  /^phantom(?:-\d+)?$/.test(plugin) ||
  Object.hasOwn(OTHER_GENERATORS, plugin)

function importGenerator(
  plugin: string,
  name: string,
  value: unknown,
  draft: LoadDraft,
  notes: ImportNotes,
): void {
  const section = new TankSection(isMap(value) ? value : {}, [name], notes)
  const other = Object.hasOwn(OTHER_GENERATORS, plugin) ? OTHER_GENERATORS[plugin] : undefined
  if (other !== undefined) {
    notes.problem(
      [name],
      'tank-generator',
      `${other}, which podtank cannot take over`,
      'it imports phantom and pandora',
    )
  } else if (plugin === 'pandora') importPandora(section, draft)
  else importPhantom(section, draft)
}

function dropSection(
  name: string,
  plugin: string,
  value: unknown,
  draft: LoadDraft,
  notes: ImportNotes,
): void {
  if (isMap(value)) takeNames(name, value, draft, notes)
  const reason = SECTION_DROPPED[plugin] ?? SECTION_DROPPED[name.toLowerCase()]
  if (reason !== undefined) {
    notes.dropped([name], reason)
    return
  }
  const near = nearestWord(name, [
    'phantom',
    'pandora',
    'autostop',
    ...Object.keys(SECTION_DROPPED),
  ])
  notes.dropped(
    [name],
    near === undefined
      ? 'not a section that is known here'
      : `not a section that is known here; did you mean "${near}"?`,
  )
}

/** An uploader names the test. */
function takeNames(name: string, section: TankMap, draft: LoadDraft, notes: ImportNotes): void {
  const title = textOf(section['job_name'])
  if (title !== undefined && slug(title) !== '') {
    draft.name = slug(title)
    notes.mapped([name, 'job_name'], 'name')
  }
  const about = textOf(section['job_dsc'])
  if (about !== undefined && about !== '') {
    draft.about = about.slice(0, 2_000)
    notes.mapped([name, 'job_dsc'], 'about')
  }
}
