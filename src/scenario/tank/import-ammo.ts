import type { LoadPartDraft } from './load-draft.ts'
import { type TankSection, textOf, wholeOf } from './tank-section.ts'

/** How a section names what it says about ammo. */
export interface AmmoKeys {
  readonly file: string
  readonly type: string
  readonly defaultType: string
  readonly limit: string
  readonly loops: string
}

/** Tank's and pandora's names of formats that we read. */
const FORMATS: Readonly<Record<string, string>> = {
  phantom: 'phantom',
  raw: 'phantom',
  uri: 'uri',
  uripost: 'uripost',
  access: 'access',
}

/** Imports a file of requests into `load.ammo`. */
export function importAmmo(section: TankSection, load: LoadPartDraft, keys: AmmoKeys): void {
  const { notes } = section
  const file = textOf(section.take(keys.file))
  const type = textOf(section.take(keys.type))
  const limit = positiveOf(section.take(keys.limit))
  const loops = positiveOf(section.take(keys.loops))
  if (file === undefined) {
    dropWithout(section, keys, load)
    return
  }
  const format = FORMATS[type ?? keys.defaultType]
  if (format === undefined) {
    notes.problem(
      section.at(keys.type),
      'tank-ammo',
      `"${type ?? ''}" ammo cannot be read`,
      `there are ${Object.keys(FORMATS).join(', ')}; JSON goes as vegeta's targets (format: jsonlines)`,
    )
    return
  }
  if (/^https?:\/\//.test(file)) {
    const name =
      file
        .replace(/[?#].*$/, '')
        .split('/')
        .at(-1) ?? ''
    notes.changed(section.at(keys.file), 'load.ammo', `fetch ${file} yourself first`)
    load.ammo = { file: name === '' ? 'ammo.txt' : name, format }
  } else {
    notes.mapped(section.at(keys.file), 'load.ammo.file')
    load.ammo = { file, format }
  }
  if (load.requests) {
    delete load.requests
    notes.comment('load.ammo', 'the config has uris too; ammo goes first, as in Tank')
  }
  if (type === undefined)
    notes.comment('load.ammo', `no ${keys.type} is given: ${keys.defaultType}`)
  else notes.mapped(section.at(keys.type), 'load.ammo.format')
  takeCount(
    section,
    keys.loops,
    loops,
    (count) => (load.ammo = { ...ammoOf(load), loops: count }),
    'load.ammo.loops',
  )
  takeCount(
    section,
    keys.limit,
    limit,
    (count) => (load.ammo = { ...ammoOf(load), limit: count }),
    'load.ammo.limit',
  )
}

const ammoOf = (load: LoadPartDraft) => load.ammo ?? { file: '', format: '' }

/** A count of at least 1; Tank's -1 and 0 mean no limit. */
function positiveOf(value: unknown): number | undefined {
  const count = wholeOf(value)
  return count !== undefined && count > 0 ? count : undefined
}

function takeCount(
  section: TankSection,
  key: string,
  count: number | undefined,
  put: (count: number) => void,
  to: string,
): void {
  if (section.take(key) === undefined) return
  if (count === undefined) section.notes.dropped(section.at(key), 'no limit, as without it')
  else {
    put(count)
    section.notes.mapped(section.at(key), to)
  }
}

/** Without a file there is nothing to limit; what a list of requests repeats is said by the schedule. */
function dropWithout(section: TankSection, keys: AmmoKeys, load: LoadPartDraft): void {
  const reason = load.requests
    ? 'the list of requests is sent again and again, as long as the schedule lasts'
    : 'there is no ammo file'
  for (const key of [keys.type, keys.limit, keys.loops]) {
    if (section.take(key) !== undefined) section.notes.dropped(section.at(key), reason)
  }
}
