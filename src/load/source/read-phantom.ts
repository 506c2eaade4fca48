import { type AmmoContext, type AmmoReader, TOO_LONG } from './ammo-reader.ts'
import { RawRequest } from './raw-request.ts'

/** Tank's request-style ammo: `SIZE` or `SIZE tag` in a line, then SIZE bytes that are a whole request. SIZE 0 ends it. */
export function phantomReader(context: AmmoContext): AmmoReader {
  return {
    restart: () => undefined,
    read(feed, isWanted) {
      const mark = feed.mark()
      const bytes = feed.line()
      if (typeof bytes === 'string') return bytes === 'too-long' ? TOO_LONG : bytes
      const line = bytes.toString('latin1').trim()
      if (line === '') return 'nothing'
      const [size = '', tag] = line.split(/[ \t]+/)
      if (!/^\d{1,15}$/.test(size)) return { why: 'not a size' }
      if (Number(size) === 0) {
        feed.finish()
        return 'nothing'
      }
      const request = feed.bytes(Number(size))
      if (request === 'not-yet') {
        feed.back(mark)
        return request
      }
      if (typeof request === 'string') return { why: `the request is not ${size} bytes long` }
      if (!isWanted) return 'unwanted'
      const made = RawRequest.of(request, tag, context)
      return typeof made === 'string' ? { why: made } : made
    },
  }
}
