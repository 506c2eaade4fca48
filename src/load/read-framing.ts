/** What a response head says about the body's end, the connection's end, and who answered. */
export interface Framing {
  contentLength?: number
  chunked: boolean
  close: boolean
  keepAlive: boolean
  identity?: string
  /** Why the head cannot be believed. */
  error?: string
}

const MAX_IDENTITY_LENGTH = 253

/**
 * Reads the header lines of a response head from an index on; each ends in CRLF. Strict where two readers could
 * disagree on the body's length (RFC 9112, 6.3): doubled lengths, both kinds of framing, blanks round a name.
 */
export function readFraming(head: string, from: number, identityHeader: string): Framing {
  const framing: Framing = { chunked: false, close: false, keepAlive: false }
  let at = from
  while (at < head.length && framing.error === undefined) {
    const end = head.indexOf('\r\n', at)
    const colon = head.indexOf(':', at)
    if (colon <= at || colon > end || isBlank(head, at) || isBlank(head, colon - 1)) {
      framing.error = 'bad header line'
      return framing
    }
    const length = colon - at
    if (length === 14 || length === 17 || length === 10 || length === identityHeader.length) {
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
  }
  if (name === identityHeader) framing.identity = value.slice(0, MAX_IDENTITY_LENGTH)
}

function readContentLength(framing: Framing, value: string): void {
  const length = /^\d{1,15}$/.test(value) ? Number(value) : undefined
  if (length === undefined || (framing.contentLength ?? length) !== length) {
    framing.error = 'bad Content-Length'
  } else framing.contentLength = length
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 32 || code === 9
}
