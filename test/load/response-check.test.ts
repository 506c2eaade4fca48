import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { responseCheck } from '../../src/load/response-check.ts'
import type { BodyExpectation, ResponseExpectation } from '../../src/scenario/scenario.ts'

const judge = (
  expected: Omit<ResponseExpectation, 'okStatuses'>,
  body: string | Buffer,
  headers = '',
) => responseCheck(expected)?.judge(headers, Buffer.from(body))

const body = (change: Partial<BodyExpectation>) => ({
  okBody: { contains: [], not: [], json: [], ...change },
})
const json = (path: (string | number)[], value: string | number | boolean | null) =>
  body({ json: [{ path, value }] })

describe('a check of an answer', () => {
  it('is not there when the status decides alone', () => {
    expect(responseCheck({})).toBeUndefined()
    expect(responseCheck({ okHeaders: {} })).toBeUndefined()
  })

  it('finds an error code in the body of a 200', () => {
    const noError = body({ not: ['"code":5003'] })
    expect(judge(noError, '{"ok":false,"code":5003}')).toBe('bad-body')
    expect(judge(noError, '{"ok":true}')).toBe('ok')
  })

  it.each<[string, Partial<BodyExpectation>, string, string]>([
    ['every text', { contains: ['a', 'ü'] }, 'a ü', 'ok'],
    ['a text that is missing', { contains: ['a', 'b'] }, 'a', 'bad-body'],
    ['none of the unwanted', { not: ['x', 'y'] }, 'ay', 'bad-body'],
    ['both', { contains: ['a'], not: ['b'] }, 'a', 'ok'],
  ])('wants %s', (_what, expected, text, outcome) => {
    expect(judge(body(expected), text)).toBe(outcome)
  })

  it.each<[string, (string | number)[], string | number | boolean | null, string]>([
    ['{"data":{"items":[{"id":5}]}}', ['data', 'items', 0, 'id'], 5, 'ok'],
    ['{"data":{"items":[{"id":"5"}]}}', ['data', 'items', 0, 'id'], 5, 'bad-body'],
    ['{"a":null}', ['a'], null, 'ok'],
    ['{}', ['a'], null, 'bad-body'],
    ['{"a":[7,8]}', ['a', 'length'], 2, 'ok'],
    ['{}', ['__proto__', 'x'], 1, 'bad-body'],
    ['true', [], true, 'ok'],
    ['not JSON', ['a'], 1, 'bad-body'],
    ['{"a":1', ['a'], 1, 'bad-body'],
    ['', ['a'], 1, 'bad-body'],
  ])('judges JSON strictly: %s at %j is %j: %s', (text, path, value, outcome) => {
    expect(judge(json(path, value), text)).toBe(outcome)
  })

  it('finds headers whatever their case, in any of several lines', () => {
    const expected = { okHeaders: { 'x-cache': 'HIT' } }
    expect(judge(expected, '', 'X-Cache:  MISS\r\nX-CACHE: edge HIT\r\n')).toBe('ok')
    expect(judge(expected, '', 'X-Cache: MISS\r\nY: HIT\r\n')).toBe('bad-header')
    expect(judge(expected, '')).toBe('bad-header')
  })

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['GZIP', gzipSync],
  ])('unpacks %s', (coding, pack) => {
    const head = `Content-Encoding: ${coding}\r\n`
    const packed = pack(Buffer.from('{"code":5003}'))
    expect(judge(json(['code'], 5003), packed, head)).toBe('ok')
    expect(judge(body({ not: ['5003'] }), packed, head)).toBe('bad-body')
  })

  it('unpacks what there is of a body that was cut', () => {
    const text = Array.from({ length: 5_000 }, (_, at) => String(at * 7919)).join(' ')
    const packed = gzipSync(`needle ${text}`)
    const cut = packed.subarray(0, packed.length / 2)
    expect(judge(body({ contains: ['needle'] }), cut, 'content-encoding: gzip\r\n')).toBe('ok')
  })

  it('does not unpack a bomb: the bytes that came are judged', () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'a'))
    const head = 'Content-Encoding: gzip\r\n'
    expect(judge(body({ contains: ['a'.repeat(100)] }), bomb, head)).toBe('bad-body')
    expect(judge(body({ contains: ['plain'] }), 'plain', head)).toBe('ok')
  })

  it('gives a judgement whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.string(),
        fc.constantFrom('gzip', 'deflate', 'br', 'zip'),
        (bytes, head, coding) => {
          const outcome = judge(
            { okHeaders: { a: 'b' }, ...json(['a', 0], 1) },
            Buffer.from(bytes),
            `${head}\r\nA: b\r\nContent-Encoding: ${coding}\r\n`,
          )
          expect(['ok', 'bad-header', 'bad-body']).toContain(outcome)
        },
      ),
    )
  })
})
