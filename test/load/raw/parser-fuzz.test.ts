import { describe, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { HeadMemo } from '../../../src/load/raw/response-head.ts'
import { ResponseParser } from '../../../src/load/raw/response-parser.ts'

const CASES = 1_000_000
const chance = random(20_261_121)
const pick = <T>(items: readonly T[]): T => items[chance.below(items.length)] as T

const LINES = [
  'Content-Length: 5',
  'Content-Length: 0',
  'Content-Length: 3',
  'Transfer-Encoding: chunked',
  'Connection: close',
  'Connection: keep-alive',
  'Keep-Alive: timeout=5, max=100',
  'X-Pod-Name: web-1',
  'X-Pod-Name: web-2',
  'Date: Sat, 21 Nov 2026 10:00:00 GMT',
  'Content-Length : 5',
  ' folded',
  'no colon',
]
const BODIES = [
  'hello',
  '',
  'abc',
  '5\r\nhello\r\n0\r\n\r\n',
  '0\r\n\r\n',
  '2;x=y\r\nok\r\n0\r\nTrailer: a\r\n\r\n',
  'zz\r\n',
  '5\r\nhelloX',
]
const STATUS_LINES = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 503 Unavailable',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 204',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 99 Low',
  'HTTP/2 200',
]

/** A response that is well made more often than not; half of them get some bytes changed, lost or doubled. */
function someResponse(): Buffer {
  const lines = Array.from({ length: chance.below(4) }, () => pick(LINES))
  const text = [pick(STATUS_LINES), ...lines, '', pick(BODIES)].join('\r\n')
  const bytes = Buffer.from(text, 'latin1')
  return chance.next() < 0.5 ? bytes : mutated(bytes)
}

function mutated(bytes: Buffer): Buffer {
  const at = chance.below(bytes.length)
  const how = chance.below(4)
  if (how === 0) bytes[at] = chance.below(256)
  if (how === 1) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
  if (how === 2) return Buffer.concat([bytes.subarray(0, at), bytes])
  if (how === 3) return Buffer.from(Array.from({ length: 40 }, () => chance.below(256)))
  return bytes
}

/** Everything that matters of a parser; why it refuses may depend on how much had come. */
const seen = (parser: ResponseParser): string =>
  `${parser.status} ${parser.isComplete} ${parser.isBroken} ${parser.keepAlive} ${parser.identity} ${parser.body.toString('latin1')}`

function feedWhole(parser: ResponseParser, bytes: Buffer, method: string): string {
  parser.expect(method, true)
  parser.feed(bytes, bytes.length)
  return seen(parser)
}

/** In two pieces, the second of which is only fed when it could matter, as a connection would do. */
function feedCut(parser: ResponseParser, bytes: Buffer, method: string, at: number): string {
  parser.expect(method, true)
  parser.feed(bytes.subarray(0, at), at)
  if (!parser.isBroken) parser.feed(bytes.subarray(at), bytes.length - at)
  return seen(parser)
}

describe('a million responses, many of them damaged', () => {
  it('mean the same whole, cut at any byte, and to a parser that remembers the last head', () => {
    // One pair of parsers for all, as on a long connection; the third begins anew each time and remembers nothing.
    const whole = new ResponseParser('x-pod-name', new HeadMemo())
    const cut = new ResponseParser('x-pod-name', new HeadMemo())
    const outcomes = { complete: 0, broken: 0, open: 0 }
    let cases = 0
    while (cases < CASES) {
      const bytes = someResponse()
      const method = chance.next() < 0.1 ? 'HEAD' : 'GET'
      const fresh = new ResponseParser('x-pod-name', new HeadMemo())
      const expected = feedWhole(fresh, bytes, method)
      if (feedWhole(whole, bytes, method) !== expected) expect(seen(whole)).toBe(expected)
      for (let at = 0; at <= bytes.length; at++) {
        cases++
        if (feedCut(cut, bytes, method, at) !== expected) {
          expect(`${bytes.toString('latin1')} at ${at}: ${seen(cut)}`).toBe(expected)
        }
      }
      outcomes[fresh.isComplete ? 'complete' : fresh.isBroken ? 'broken' : 'open']++
    }
    // A fuzzer that only makes garbage, or none, would prove nothing.
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(1_000)
  })
})
