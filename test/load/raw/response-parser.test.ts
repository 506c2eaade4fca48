import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeadMemo } from '../../../src/load/raw/response-head.ts'
import { ResponseParser } from '../../../src/load/raw/response-parser.ts'

/** What becomes of a response whose bytes arrive in these pieces, the connection closed afterwards or not. */
function parse(pieces: readonly string[], options: { method?: string; closed?: boolean } = {}) {
  const parser = new ResponseParser('x-pod-name', new HeadMemo())
  parser.expect(options.method ?? 'GET')
  for (const piece of pieces) parser.feed(Buffer.from(piece, 'latin1'), piece.length)
  if (options.closed) parser.finish()
  const { status, isComplete, hasHead, keepAlive, identity, error } = parser
  if (error !== undefined) return { error }
  return { status, isComplete, hasHead, keepAlive, ...(identity !== undefined && { identity }) }
}

const bytewise = (text: string) => Array.from({ length: text.length }, (_, at) => text.charAt(at))

const head = (...lines: string[]) => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n')
const chunked = (body: string) => head('Transfer-Encoding: chunked') + body

const whole = { status: 200, isComplete: true, hasHead: true, keepAlive: true }
const closing = { ...whole, keepAlive: false }

const WHOLE: readonly [string, string, object, { method?: string; closed?: boolean }?][] = [
  ['a body with a length', head('Content-Length: 5') + 'hello', whole],
  ['a body of length 0', head('Content-Length: 0'), whole],
  ['the same length twice', head('Content-Length: 2', 'content-length:2') + 'ok', whole],
  ['header names in any case', head('cOnTeNt-LeNgTh:\t2 ') + 'ok', whole],
  ['a status line without a reason', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', whole],
  ['chunks', chunked('5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n'), whole],
  ['a chunk that looks like an end', chunked('7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n'), whole],
  ['chunk extensions', chunked('5;name="a b"\r\nhello\r\n0 ;last\r\n\r\n'), whole],
  ['trailers', chunked('1\r\nx\r\n0\r\nExpires: never\r\nX-Sum: 1\r\n\r\n'), whole],
  [
    'a body until the close',
    head('Content-Type: text/plain') + 'any bytes',
    closing,
    { closed: true },
  ],
  ['an empty body until the close', head(), closing, { closed: true }],
  ['HEAD, whatever its length', head('Content-Length: 500'), whole, { method: 'HEAD' }],
  ['HEAD of chunks', chunked(''), whole, { method: 'HEAD' }],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', { ...whole, status: 204 }],
  [
    '304 with a length',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n',
    { ...whole, status: 304 },
  ],
  [
    '100 and 103 before it',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n' +
      head('Content-Length: 1') +
      'x',
    whole,
  ],
  ['Connection: close', head('Connection: close', 'Content-Length: 1') + 'x', closing],
  ['close among other words', head('Connection: X-Foo, Close', 'Content-Length: 0'), closing],
  [
    'keep-alive and close',
    head('Connection: keep-alive', 'Connection: close', 'Content-Length: 0'),
    closing,
  ],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', closing],
  [
    'HTTP/1.0 with keep-alive',
    'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx',
    whole,
  ],
  ['HTTP/1.0 until the close', 'HTTP/1.0 200 OK\r\n\r\nbody', closing, { closed: true }],
  ['an identity', head('X-Pod-Name: web-1 ', 'Content-Length: 0'), { ...whole, identity: 'web-1' }],
  [
    '500',
    'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n',
    { ...whole, status: 500 },
  ],
  ['999', 'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n', { ...whole, status: 999 }],
]

describe('a response', () => {
  it.each(WHOLE)('is complete: %s', (_, text, expected, options) => {
    expect(parse([text], options)).toEqual(expected)
  })

  it.each(WHOLE)(
    'is the same byte by byte and cut in two anywhere: %s',
    (_, text, expected, options) => {
      expect(parse(bytewise(text), options)).toEqual(expected)
      for (let cut = 1; cut < text.length; cut++) {
        expect(parse([text.slice(0, cut), text.slice(cut)], options)).toEqual(expected)
      }
    },
  )

  it.each(WHOLE)('is not complete before its last byte: %s', (_, text, _expected, options) => {
    const isUntilClose = options?.closed === true
    for (let cut = 0; cut < text.length; cut++) {
      const closed = isUntilClose && cut < text.indexOf('\r\n\r\n') + 4
      expect(parse([text.slice(0, cut)], { ...options, closed })).toMatchObject({
        isComplete: false,
      })
    }
  })

  it('is the same however its bytes are cut', () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })
    const body = fc.string({ unit: 'binary-ascii', maxLength: 60 })
    const framed = fc.oneof(
      body.map((text) => head(`Content-Length: ${text.length}`) + text),
      fc.array(body, { maxLength: 4 }).map((parts) => {
        const chunks = parts.filter((part) => part !== '')
        return chunked(
          chunks.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('') + '0\r\n\r\n',
        )
      }),
    )
    fc.assert(
      fc.property(framed, cuts, (text, shares) => {
        const places = shares.map((share) => Math.floor(share * text.length)).sort((a, b) => a - b)
        const pieces = [0, ...places].map((from, at) => text.slice(from, places[at] ?? text.length))
        expect(pieces.join('')).toBe(text)
        expect(parse(pieces)).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })

  it('leaves its parser ready for the next one', () => {
    const parser = new ResponseParser('x-pod-name', new HeadMemo())
    for (const [method, text, status] of [
      ['GET', head('X-Pod-Name: web-1', 'Connection: close', 'Content-Length: 1') + 'x', 200],
      ['HEAD', 'HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n', 404],
      ['GET', chunked('1\r\nx\r\n0\r\n\r\n'), 200],
      ['GET', chunked('2\r\nxy\r\n0\r\n\r\n'), 200],
    ] as const) {
      parser.expect(method)
      expect(parser).toMatchObject({
        status: 0,
        isComplete: false,
        hasHead: false,
        keepAlive: true,
      })
      parser.feed(Buffer.from(text), text.length)
      expect(parser).toMatchObject({ status, isComplete: true, hasHead: true })
    }
    expect(parser.identity).toBeUndefined()
  })
})

const FOLLOWED: readonly [string, string, { method?: string }?][] = [
  ['a second response', head('Content-Length: 2') + 'ok' + head('Content-Length: 4') + 'evil'],
  ['a body after HEAD', head('Content-Length: 2') + 'ok', { method: 'HEAD' }],
  ['a body after 204', 'HTTP/1.1 204 No Content\r\n\r\nbody'],
  ['a byte after the last chunk', chunked('0\r\n\r\n') + 'x'],
  ['a byte more than the length', head('Content-Length: 2') + 'ok!'],
]

describe('bytes after the end of a response', () => {
  it.each(FOLLOWED)('leave the answer as it is but end the connection: %s', (_, text, options) => {
    const outcome = parse([text], options)
    expect(outcome).toMatchObject({ isComplete: true, keepAlive: false })
    expect(parse(bytewise(text), options)).toEqual(outcome)
  })
})

const REFUSED: readonly [string, string][] = [
  [
    'both Content-Length and Transfer-Encoding',
    head('Content-Length: 5', 'Transfer-Encoding: chunked'),
  ],
  [
    'both Content-Length and Transfer-Encoding',
    head('Transfer-Encoding: chunked', 'Content-Length: 5'),
  ],
  ['bad Content-Length', head('Content-Length: 5', 'Content-Length: 6')],
  ['bad Content-Length', head('Content-Length: 5, 5')],
  ['bad Content-Length', head('Content-Length: -1')],
  ['bad Content-Length', head('Content-Length: 0x10')],
  ['bad Content-Length', head('Content-Length: ')],
  ['bad Content-Length', head(`Content-Length: ${'9'.repeat(30)}`)],
  ['unknown Transfer-Encoding', head('Transfer-Encoding: gzip, chunked')],
  ['unknown Transfer-Encoding', head('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
  ['bad header line', head('Content-Length : 5')],
  ['bad header line', head('X-Folded: a', ' b: c')],
  ['bad header line', head('no colon', 'X-Next: a')],
  ['bad header line', head(': no name')],
  ['bad status line', 'HTTP/1.1 99 Low\r\n\r\n'],
  ['bad status line', 'HTTP/1.1 000 None\r\n\r\n'],
  ['bad status line', 'HTTP/1.1 2000 High\r\n\r\n'],
  ['bad status line', 'HTTP/1.1  200 OK\r\n\r\n'],
  ['bad status line', 'HTTP/1.1 abc\r\n\r\n'],
  ['bad status line', 'HTTP/2.0 200 OK\r\n\r\n'],
  ['bad status line', 'HTTP/1.1\r\n\r\n'],
  [
    'unexpected 101 Switching Protocols',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n',
  ],
  ['not an HTTP response', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ['not an HTTP response', '\x16\x03\x01\x02\x00'],
  ['not an HTTP response', '<html>\r\n\r\n'],
  ['not an HTTP response', ' HTTP/1.1 200 OK\r\n\r\n'],
  ['response head too long', `HTTP/1.1 200 OK\r\nX-Long: ${'a'.repeat(65_536)}`],
  ['response head too long', head(`X-Long: ${'a'.repeat(65_536)}`)],
  ['bad chunk size', chunked('xyz\r\n')],
  ['bad chunk size', chunked('\r\n')],
  ['bad chunk size', chunked('-5\r\nhello\r\n')],
  ['bad chunk size', chunked(`${'f'.repeat(13)}\r\n`)],
  ['bad chunk size', chunked('5\r\r\nhello\r\n')],
  ['bad chunk line', chunked('5\nhello\n')],
  ['bad chunk end', chunked('5\r\nhello!\r\n')],
  ['bad chunk end', chunked('5\r\nhello\n0\r\n\r\n')],
  ['chunk line too long', chunked(`5;${'a'.repeat(5_000)}`)],
]

describe('a response is refused', () => {
  it.each(REFUSED)('%s: %j', (error, text) => {
    expect(parse([text])).toEqual({ error })
  })

  it.each(REFUSED.filter(([, text]) => text.length < 1_000))(
    '%s, cut anywhere: %j',
    (error, text) => {
      expect(parse(bytewise(text))).toEqual({ error })
      for (let cut = 1; cut < text.length; cut++) {
        expect(parse([text.slice(0, cut), text.slice(cut)])).toEqual({ error })
      }
    },
  )

  it('never by a throw, whatever the bytes', () => {
    const words = [
      'HTTP/1.1 ',
      '200',
      ' OK',
      '\r\n',
      '\r\n\r\n',
      'Content-Length: ',
      '5',
      'Transfer-Encoding: chunked',
      '0',
      ':',
      'x',
    ]
    const text = fc.array(
      fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary-ascii', maxLength: 4 })),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(text, (parts) => {
        expect(parse([parts.join('')])).toEqual(parse(bytewise(parts.join(''))))
      }),
      { numRuns: 2_000 },
    )
  })
})
