import { type AmmoContext, type AmmoReader, TOO_LONG } from './ammo-reader.ts'
import { HeaderLines } from './header-lines.ts'
import { isPath } from './read-uri.ts'
import { requestWithBody } from './request-with-body.ts'

/**
 * Tank's `uripost`: `SIZE /path` or `SIZE /path tag` in a line, then a body of SIZE bytes; `[Header: value]` lines
 * hold for what follows.
 */
export function uripostReader(context: AmmoContext): AmmoReader {
  const headers = new HeaderLines()
  return {
    restart: () => {
      headers.values = {}
    },
    read(feed, isWanted) {
      const mark = feed.mark()
      const bytes = feed.line()
      if (typeof bytes === 'string') return bytes === 'too-long' ? TOO_LONG : bytes
      const line = bytes.toString('latin1').trim()
      if (line === '') return 'nothing'
      if (line.startsWith('[')) return headers.take(line) ? 'nothing' : { why: 'not a header line' }
      const [size = '', path = '', tag] = line.split(/[ \t]+/)
      if (!/^\d{1,15}$/.test(size)) return { why: 'not a size and a path' }
      const body = feed.bytes(Number(size))
      if (body === 'not-yet') {
        feed.back(mark)
        return body
      }
      if (typeof body === 'string') return { why: `the body is not ${size} bytes long` }
      if (!isPath(path)) return { why: 'not a path that begins with /' }
      if (!isWanted) return 'unwanted'
      return requestWithBody(
        { method: 'POST', path, headers: headers.values, tag, body: Buffer.from(body) },
        context,
      )
    },
  }
}
