import type { IncomingHttpHeaders } from 'node:http'
import { MAX_IDENTITY_LENGTH } from '../raw/read-framing.ts'
import type { LibraryHead } from './pooled-exchange.ts'

/** Header lines as a library keeps them: name, value, name, value … */
type RawHeaders = readonly (Buffer | string)[]

/** Reads a head; `headers` by lower-case name, `raw` as they came. */
export function libraryHead(
  status: number,
  headers: IncomingHttpHeaders,
  raw: RawHeaders,
  identityHeader: string,
): LibraryHead {
  const identity = headers[identityHeader]
  const first = Array.isArray(identity) ? identity[0] : identity
  return { status, identity: first?.slice(0, MAX_IDENTITY_LENGTH), lines: () => linesOf(raw) }
}

/** The lines without HTTP/2's pseudo-headers, which are none. */
function linesOf(raw: RawHeaders): string {
  let lines = ''
  for (let at = 0; at < raw.length; at += 2) {
    const name = textOf(raw[at])
    if (!name.startsWith(':')) lines += `${name}: ${textOf(raw[at + 1])}\r\n`
  }
  return lines
}

const textOf = (value: Buffer | string | undefined): string =>
  typeof value === 'string' ? value : (value?.toString('latin1') ?? '')
