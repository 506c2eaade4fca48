import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import type { BodyExpectation, JsonExpectation, ResponseExpectation } from '../scenario/scenario.ts'
import { MAX_CHECKED_BYTES, type ResponseCheck } from './prepared-request.ts'

/**
 * What an answer must hold, compiled once; undefined when its status decides alone. A body in gzip, deflate or br is
 * unpacked first, to at most 1 MiB and 100 times its size; one that cannot be, or not within that, is judged on the
 * bytes that came. JSON values are compared strictly, and a body that is no JSON, or was cut, is `bad-body`.
 */
export function responseCheck({
  okHeaders = {},
  okBody,
}: Pick<ResponseExpectation, 'okHeaders' | 'okBody'>): ResponseCheck | undefined {
  const headers = Object.entries(okHeaders).map(
    ([name, text]) => [name.toLowerCase(), text] as const,
  )
  if (headers.length === 0 && !okBody) return undefined
  const isOkBody = okBody && bodyCheck(okBody)
  return {
    // A body may be packed, which its headers say.
    needsHeaders: true,
    needsBody: okBody !== undefined,
    judge(head, body) {
      const lines = linesOf(head)
      const isOkHeader = headers.every(([name, text]) =>
        lines.some(([other, value]) => other === name && value.includes(text)),
      )
      if (!isOkHeader) return 'bad-header'
      return isOkBody?.(unpacked(body, lines)) === false ? 'bad-body' : 'ok'
    },
  }
}

type HeaderLine = readonly [name: string, value: string]

const linesOf = (head: string): HeaderLine[] =>
  head.split('\r\n').flatMap((line): HeaderLine[] => {
    const at = line.indexOf(':')
    return at > 0 ? [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]] : []
  })

function bodyCheck({ contains, not, json }: BodyExpectation): (body: Buffer) => boolean {
  const wanted = contains.map((text) => Buffer.from(text, 'utf8'))
  const unwanted = not.map((text) => Buffer.from(text, 'utf8'))
  return (body) =>
    wanted.every((text) => body.includes(text)) &&
    !unwanted.some((text) => body.includes(text)) &&
    (json.length === 0 || isOkJson(body, json))
}

function isOkJson(body: Buffer, expected: readonly JsonExpectation[]): boolean {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    return expected.every(({ path, value }) => valueAt(parsed, path) === value)
  } catch {
    return false
  }
}

const valueAt = (from: unknown, path: JsonExpectation['path']): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    from,
  )

const MAX_RATIO = 100

function unpacked(body: Buffer, lines: readonly HeaderLine[]): Buffer {
  const coding = lines.find(([name]) => name === 'content-encoding')?.[1].toLowerCase()
  const unpack = UNPACK[coding ?? '']
  if (!unpack || body.length === 0) return body
  try {
    return unpack(body, Math.min(MAX_CHECKED_BYTES, MAX_RATIO * body.length))
  } catch {
    return body
  }
}

// A body that was cut for its length gives what there is of it, because of the flush.
const zlibOptions = (maxOutputLength: number) => ({
  maxOutputLength,
  finishFlush: constants.Z_SYNC_FLUSH,
})

const gunzip = (body: Buffer, limit: number): Buffer => gunzipSync(body, zlibOptions(limit))

const UNPACK: Readonly<Record<string, (body: Buffer, maxBytes: number) => Buffer>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  // Some servers send the bare stream without the zlib header that the name stands for (RFC 9110, 8.4.1.2).
  deflate: (body, limit) =>
    ((body[0] ?? 0) & 0x0f) === 8
      ? inflateSync(body, zlibOptions(limit))
      : inflateRawSync(body, zlibOptions(limit)),
  br: (body, maxOutputLength) =>
    brotliDecompressSync(body, {
      maxOutputLength,
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
    }),
}
