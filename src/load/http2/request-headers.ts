import type { OutgoingHttpHeaders } from 'node:http2'
import type { PreparedRequest } from '../prepared-request.ts'

/** What HTTP/2 has no place for (RFC 9113, 8.2.2), and Host, which becomes `:authority`. */
const HTTP1_ONLY = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

/** A request's headers as HTTP/2 has them: names in lower case, the request line as pseudo-headers. */
export function requestHeaders(
  { method, path, headers }: PreparedRequest,
  scheme: 'http' | 'https',
): OutgoingHttpHeaders {
  const all: Record<string, string | string[]> = { ':method': method, ':scheme': scheme }
  // In ammo a path may be anything; what HTTP/2 cannot send is refused by Node.
  all[':path'] = path
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    if (key === 'host') all[':authority'] = value
    if (HTTP1_ONLY.has(key)) continue
    const before = all[key]
    all[key] = before === undefined ? value : [before, value].flat()
  }
  return all
}
