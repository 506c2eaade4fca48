import { headersSchema } from '../request-schema.ts'
import type { LoadPartDraft, RequestDraft } from './load-draft.ts'
import type { TankPath, TankSection } from './tank-section.ts'
import { textOf } from './tank-section.ts'

const OURS = new Set(['content-length', 'transfer-encoding'])
const MAX_TAG = 60

/** The entries of a list, or of a text with one a line. */
export function linesOf(value: unknown): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return parts
    .flatMap((part) => (textOf(part) ?? '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** What the headers of a Tank config say beside what they hold. */
export interface ImportedHeaders {
  /** The value of `Connection`, in lower case. */
  readonly connection?: string
}

/** Reads `[Name: value]` lines, with or without the brackets, into `load.headers`. */
export function importHeaders(
  section: TankSection,
  key: string,
  load: LoadPartDraft,
): ImportedHeaders {
  const given = section.take(key)
  if (given === undefined) return {}
  const path = section.at(key)
  // Two headers may stand on one line: [Host: a] [Connection: close].
  const lines = linesOf(given).flatMap((line) =>
    line.startsWith('[')
      ? [...line.matchAll(/\[([^\]]*)\]/g)].map(([, inner = '']) => inner)
      : [line],
  )
  const headers: Record<string, string> = {}
  let connection: string | undefined
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line.trim()) ?? []
    if (!headersSchema.safeParse({ [name]: value }).success)
      section.notes.problem(
        path,
        'tank-header',
        `"${line}" is not a header, such as [Host: example.com]`,
      )
    else if (name.toLowerCase() === 'connection') connection = value.toLowerCase()
    else if (OURS.has(name.toLowerCase()))
      section.notes.dropped(path, `${name}: podtank says itself how long a body is`)
    else headers[name] = value.replaceAll('{{', '{ {')
  }
  if (Object.keys(headers).length > 0) {
    load.headers = headers
    section.notes.mapped(path, 'load.headers')
  } else if (lines.length > 0 && connection !== undefined)
    section.notes.mapped(path, 'load.connections')
  return connection === undefined ? {} : { connection }
}

/** Reads a list of `/path tag` into `load.requests`. */
export function importUris(section: TankSection, key: string, load: LoadPartDraft): void {
  const given = section.take(key)
  if (given === undefined) return
  const path = section.at(key)
  const lines = linesOf(given)
  if (lines.length === 0) return
  load.requests = lines.map((line) => importUri(section, path, line))
  section.notes.mapped(path, 'load.requests')
}

function importUri(section: TankSection, path: TankPath, line: string): RequestDraft {
  const [uri = '', ...more] = line.split(/\s+/)
  const written = pathOf(uri)
  if (written !== uri) {
    section.notes.changed(path, 'load.requests', `${uri} is written ${written}`)
  }
  const tag = more.join(' ')
  if (tag === '') return `GET ${written}`
  const short = tag.replace(/[^\w.-]+/g, '_').slice(0, MAX_TAG)
  if (short !== tag) section.notes.changed(path, 'load.requests', `the tag "${tag}" is ${short}`)
  return { path: written, tag: short }
}

/** Path and query as they may go on the wire: percent-encoded, without a host, and no variable of ours. */
function pathOf(uri: string): string {
  const local = uri.replace(/^https?:\/\/[^/?#]*/, '')
  const rooted = local.startsWith('/') ? local : `/${local}`
  return rooted
    .replace(/[^\x21-\x7e]+/g, (characters) => encodeURIComponent(characters.toWellFormed()))
    .replaceAll('{{', '%7B%7B')
}
