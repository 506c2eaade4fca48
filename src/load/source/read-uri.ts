import type { PreparedRequest } from '../prepared-request.ts'
import { type AmmoContext, type AmmoReader, TOO_LONG } from './ammo-reader.ts'
import { HeaderLines } from './header-lines.ts'
import { KeptRequests } from './kept-requests.ts'
import { requestWithBody } from './request-with-body.ts'

const NO_BODY = Buffer.alloc(0)
const LEFT_BRACKET = 91
const SLASH = 47

/** What a request line of an ammo file may name: path and query, without blanks. */
export const isPath = (text: string): boolean => /^\/[\x21-\x7e\x80-\xff]*$/.test(text)

/** Tank's `uri`: `/path` or `/path tag` in each line; `[Header: value]` lines hold for what follows. */
export function uriReader(context: AmmoContext): AmmoReader {
  const headers = new HeaderLines()
  const kept = new KeptRequests()
  let keptFor = '{}'
  let lastValues = headers.values

  /** Forgets the requests that were made with other headers. */
  const checkHeaders = () => {
    if (lastValues === headers.values) return
    lastValues = headers.values
    const key = JSON.stringify(lastValues)
    if (key !== keptFor) kept.clear()
    keptFor = key
  }

  const requestOf = (line: string): PreparedRequest | undefined => {
    const [path = '', tag] = line.trim().split(/[ \t]+/)
    if (!isPath(path)) return undefined
    const entry = { method: 'GET', path, headers: headers.values, tag, body: NO_BODY }
    return kept.keep(line, requestWithBody(entry, context))
  }

  return {
    restart: () => {
      headers.values = {}
    },
    read(feed, isWanted) {
      const bytes = feed.line()
      if (typeof bytes === 'string') return bytes === 'too-long' ? TOO_LONG : bytes
      if (bytes[0] === LEFT_BRACKET) {
        return headers.take(bytes.toString('latin1')) ? 'nothing' : { why: 'not a header line' }
      }
      if (!isWanted && bytes[0] === SLASH) return 'unwanted'
      const line = bytes.toString('latin1')
      if (line.trim() === '') return 'nothing'
      if (!isWanted) return 'unwanted'
      checkHeaders()
      return kept.get(line) ?? requestOf(line) ?? { why: 'not a path that begins with /' }
    },
  }
}
