import { type KeepAliveHint, readKeepAlive } from '../keep-alive-hint.ts'

/** What a response head says about the body's end, the connection's end, and who answered. */
export interface Framing {
  contentLength?: number
  chunked: boolean
  close: boolean
  keepAlive: boolean
  keepAliveHint?: KeepAliveHint
  identity?: string
  /** Why the head cannot be believed. */
  error?: string
}

/** Longer names than a pod can have are cut. */
export const MAX_IDENTITY_LENGTH = 253
const TAB = 9
const LF = 10
const CR = 13

/** Lengths of the names that are read: connection and keep-alive, content-length, transfer-encoding. */
const LENGTHS = new Set([10, 14, 17])

/**
 * Reads the header lines of a response head from an index on; each ends in CRLF. Strict where two readers could
 * disagree on the body's length (RFC 9112, 6.3): doubled lengths, both kinds of framing, blanks round a name, bare
 * line ends and other control bytes (RFC 9110, 5.5).
 */
export function readFraming(head: string, from: number, identityHeader: string): Framing {
  const framing: Framing = { chunked: false, close: false, keepAlive: false }
  if (hasControl(head, from)) framing.error = 'control byte in the head'
  let at = from
  while (at < head.length && framing.error === undefined) {
    const end = head.indexOf('\r\n', at)
    const colon = head.indexOf(':', at)
    if (colon <= at || colon > end || isBlank(head, at) || isBlank(head, colon - 1)) {
      framing.error = 'bad header line'
      return framing
    }
    const length = colon - at
    if (LENGTHS.has(length) || length === identityHeader.length) {
      const name = head.slice(at, colon).toLowerCase()
      readHeader(framing, name, head.slice(colon + 1, end).trim(), identityHeader)
    }
    at = end + 2
  }
  if (framing.chunked && framing.contentLength !== undefined) {
    framing.error ??= 'both Content-Length and Transfer-Encoding'
  }
  return framing
}

function readHeader(framing: Framing, name: string, value: string, identityHeader: string): void {
  if (name === 'content-length') readContentLength(framing, value)
  else if (name === 'transfer-encoding') {
    if (value.toLowerCase() === 'chunked' && !framing.chunked) framing.chunked = true
    else framing.error = 'unknown Transfer-Encoding'
  } else if (name === 'connection') {
    const tokens = value.toLowerCase()
    if (tokens.includes('close')) framing.close = true
    if (tokens.includes('keep-alive')) framing.keepAlive = true
  } else if (name === 'keep-alive') framing.keepAliveHint = readKeepAlive(value)
  if (name === identityHeader) framing.identity = value.slice(0, MAX_IDENTITY_LENGTH)
}

function readContentLength(framing: Framing, value: string): void {
  const length = /^\d{1,15}$/.test(value) ? Number(value) : undefined
  if (length === undefined || (framing.contentLength ?? length) !== length) {
    framing.error = 'bad Content-Length'
  } else framing.contentLength = length
}

/** Whether there is a control byte other than a tab and the CR LF at the end of a line. */
function hasControl(head: string, from: number): boolean {
  for (let at = from; at < head.length; at++) {
    const code = head.charCodeAt(at)
    if (code >= 32 ? code !== 127 : code === TAB) continue
    if (code !== CR || head.charCodeAt(++at) !== LF) return true
  }
  return false
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 32 || code === 9
}
