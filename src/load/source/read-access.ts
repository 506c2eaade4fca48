import { type AmmoContext, type AmmoReader, TOO_LONG } from './ammo-reader.ts'
import { KeptRequests } from './kept-requests.ts'
import { isPath } from './read-uri.ts'
import { requestWithBody } from './request-with-body.ts'

const NO_BODY = Buffer.alloc(0)
const REQUEST = /"([A-Z]+) (\S+)(?: HTTP\/\d(?:\.\d)?)?"/

/** An access log in the common or combined form of nginx and Apache: its GET requests; other lines are left out. */
export function accessReader(context: AmmoContext): AmmoReader {
  const kept = new KeptRequests()
  return {
    restart: () => undefined,
    read(feed, isWanted) {
      const bytes = feed.line()
      if (typeof bytes === 'string') return bytes === 'too-long' ? TOO_LONG : bytes
      const line = bytes.toString('latin1')
      if (line.trim() === '') return 'nothing'
      if (!isWanted) return 'unwanted'
      const [, method, path = ''] = REQUEST.exec(line) ?? []
      if (method === undefined) return { why: 'no request in quotes', isNormal: true }
      if (method !== 'GET') return { why: 'not a GET', isNormal: true }
      if (!isPath(path)) return { why: 'not a path that begins with /', isNormal: true }
      const entry = { method, path, headers: {}, tag: undefined, body: NO_BODY }
      return kept.get(path) ?? kept.keep(path, requestWithBody(entry, context))
    },
  }
}
