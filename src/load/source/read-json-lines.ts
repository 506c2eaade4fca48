import { type AmmoContext, type AmmoReader, TOO_LONG, type Unusable } from './ammo-reader.ts'
import { isPath } from './read-uri.ts'
import { type AmmoRequest, requestWithBody } from './request-with-body.ts'

/** vegeta's targets, a JSON object a line: `method`, `url`, `header`, `body` in base64; and `tag`. */
export function jsonLinesReader(context: AmmoContext): AmmoReader {
  return {
    restart: () => undefined,
    read(feed, isWanted) {
      const bytes = feed.line()
      if (typeof bytes === 'string') return bytes === 'too-long' ? TOO_LONG : bytes
      const line = bytes.toString('utf8')
      if (line.trim() === '') return 'nothing'
      if (!isWanted) return 'unwanted'
      const request = requestOf(parsed(line))
      return 'why' in request ? request : requestWithBody(request, context)
    },
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function requestOf(value: unknown): AmmoRequest | Unusable {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { why: 'not a JSON object' }
  }
  const { method = 'GET', url, header = {}, body = '', tag } = value as Record<string, unknown>
  if (typeof method !== 'string' || !/^[A-Za-z]{1,20}$/.test(method)) {
    return { why: 'method is not the name of a method' }
  }
  const address = typeof url === 'string' ? addressOf(url) : undefined
  if (!address) return { why: 'url is neither http://HOST/PATH nor a path' }
  const headers = headersOf(header)
  if (!headers) return { why: 'header is not a map of names to lists of values' }
  if (typeof body !== 'string') return { why: 'body is not base64' }
  return {
    method: method.toUpperCase(),
    path: address.path,
    headers: { ...(address.host !== undefined && { Host: address.host }), ...headers },
    tag: typeof tag === 'string' ? tag : undefined,
    body: Buffer.from(body, 'base64'),
  }
}

function addressOf(text: string): { readonly path: string; readonly host?: string } | undefined {
  if (isPath(text)) return { path: text }
  const url = /^https?:/i.test(text) ? URL.parse(text) : null
  return url ? { path: url.pathname + url.search, host: url.host } : undefined
}

function headersOf(header: unknown): Record<string, string> | undefined {
  if (typeof header !== 'object' || header === null) return undefined
  const headers: Record<string, string> = {}
  for (const [name, given] of Object.entries(header)) {
    const values: unknown[] = Array.isArray(given) ? given : [given]
    const isText = values.every(
      (value) => typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value),
    )
    if (!isText || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return undefined
    // One line means the same as several (RFC 9110, 5.3); a cookie has a separator of its own.
    headers[name] = values.join(name.toLowerCase() === 'cookie' ? '; ' : ', ')
  }
  return headers
}
