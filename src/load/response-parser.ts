/** Longest response head that is accepted, in bytes. */
const MAX_HEAD_BYTES = 65_536

type State = 'head' | 'length' | 'chunks' | 'until-close' | 'complete' | 'broken'

/**
 * Reads HTTP/1.x responses as their bytes arrive (RFC 9112), one response after another on a connection.
 * It keeps what the load engine needs and copies nothing else.
 */
export class ResponseParser {
  /** 0 until the status line has been read. */
  status = 0
  /** Whether the connection may carry another request after this response. */
  keepAlive = true
  identity: string | undefined
  /** Why the bytes are not a response; set in state `broken`. */
  error: string | undefined

  #state: State = 'head'
  #pending: Buffer | undefined
  #left = 0
  readonly #chunks = new ChunkReader()
  readonly #identityHeader: string
  #withoutBody = false

  /** `identityHeader` in lower case. */
  constructor(identityHeader: string) {
    this.#identityHeader = identityHeader
  }

  get isComplete(): boolean {
    return this.#state === 'complete'
  }

  get isBroken(): boolean {
    return this.#state === 'broken'
  }

  get hasHead(): boolean {
    return this.#state !== 'head' && this.status !== 0
  }

  /** Gets ready for the response to the next request. */
  expect(method: string): void {
    this.status = 0
    this.keepAlive = true
    this.identity = undefined
    this.error = undefined
    this.#state = 'head'
    this.#pending = undefined
    this.#withoutBody = method === 'HEAD'
  }

  /** Takes bytes as they arrived; afterwards look at `isComplete` and `isBroken`. */
  feed(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#state === 'head') at = this.#feedHead(bytes, at)
      else if (this.#state === 'length') at = this.#feedLength(bytes, at)
      else if (this.#state === 'chunks') at = this.#feedChunks(bytes, at)
      else if (this.#state === 'until-close') return
      else if (this.#state === 'complete') {
        // Nothing was asked for: the answer stands, the connection is not to be trusted any more.
        this.keepAlive = false
        return
      } else return
    }
  }

  /** The other side closed its half. Gives whether that completes the response. */
  finish(): boolean {
    if (this.#state === 'until-close') this.#state = 'complete'
    return this.#state === 'complete'
  }

  #break(error: string): number {
    this.error = error
    this.#state = 'broken'
    return Number.MAX_SAFE_INTEGER
  }

  #feedHead(bytes: Buffer, from: number): number {
    const pendingLength = this.#pending?.length ?? 0
    const all = this.#pending ? Buffer.concat([this.#pending, bytes.subarray(from)]) : bytes
    const start = this.#pending ? 0 : from
    const end = all.indexOf('\r\n\r\n', start, 'latin1')
    if (end < 0) {
      if (all.length - start > MAX_HEAD_BYTES) return this.#break('response head too long')
      if (all.length - start >= 5 && all.toString('latin1', start, start + 5) !== 'HTTP/') {
        return this.#break('not an HTTP response')
      }
      this.#pending = this.#pending ? all : Buffer.from(bytes.subarray(from))
      return bytes.length
    }
    this.#pending = undefined
    this.#readHead(all.toString('latin1', start, end + 2))
    return this.isBroken ? bytes.length : from + (end + 4 - start - pendingLength)
  }

  #readHead(head: string): void {
    const lineEnd = head.indexOf('\r\n')
    const status = Number(head.slice(9, 12))
    if (!/^HTTP\/1\.[01] [1-9]\d\d(?: |$)/.test(head.slice(0, Math.min(13, lineEnd)))) {
      this.#break('bad status line')
      return
    }
    const framing = readFraming(head, lineEnd + 2, this.#identityHeader)
    if (framing.error !== undefined) {
      this.#break(framing.error)
      return
    }
    if (status === 101) {
      this.#break('unexpected 101 Switching Protocols')
      return
    }
    if (status < 200) return
    this.status = status
    this.identity = framing.identity
    const isHttp10 = head.charCodeAt(7) === 48
    this.keepAlive = !framing.close && (!isHttp10 || framing.keepAlive)
    this.#enterBody(status, framing)
  }

  #enterBody(status: number, framing: Framing): void {
    if (this.#withoutBody || status === 204 || status === 304) this.#state = 'complete'
    else if (framing.chunked) {
      this.#chunks.start()
      this.#state = 'chunks'
    } else if (framing.contentLength === undefined) {
      this.keepAlive = false
      this.#state = 'until-close'
    } else {
      this.#left = framing.contentLength
      this.#state = this.#left === 0 ? 'complete' : 'length'
    }
  }

  #feedLength(bytes: Buffer, from: number): number {
    const taken = Math.min(this.#left, bytes.length - from)
    this.#left -= taken
    if (this.#left === 0) this.#state = 'complete'
    return from + taken
  }

  #feedChunks(bytes: Buffer, from: number): number {
    const at = this.#chunks.feed(bytes, from)
    if (this.#chunks.error !== undefined) return this.#break(this.#chunks.error)
    if (this.#chunks.isComplete) this.#state = 'complete'
    return at
  }
}

interface Framing {
  contentLength?: number
  chunked: boolean
  close: boolean
  keepAlive: boolean
  identity?: string
  error?: string
}

function readFraming(head: string, from: number, identityHeader: string): Framing {
  const framing: Framing = { chunked: false, close: false, keepAlive: false }
  let at = from
  while (at < head.length) {
    const end = head.indexOf('\r\n', at)
    const colon = head.indexOf(':', at)
    if (colon < 0 || colon > end || colon === at) {
      framing.error = 'bad header line'
      return framing
    }
    readHeader(framing, head.slice(at, colon).toLowerCase(), head.slice(colon + 1, end).trim(), identityHeader)
    at = end + 2
  }
  if (framing.chunked && framing.contentLength !== undefined) {
    framing.error = 'both Content-Length and Transfer-Encoding'
  }
  return framing
}

function readHeader(framing: Framing, name: string, value: string, identityHeader: string): void {
  if (name === 'content-length') {
    const length = /^\d{1,15}$/.test(value) ? Number(value) : undefined
    if (length === undefined || (framing.contentLength ?? length) !== length) {
      framing.error = 'bad Content-Length'
    } else framing.contentLength = length
  } else if (name === 'transfer-encoding') {
    if (value.toLowerCase() === 'chunked') framing.chunked = true
    else framing.error = 'unknown Transfer-Encoding'
  } else if (name === 'connection') {
    const tokens = value.toLowerCase()
    if (tokens.includes('close')) framing.close = true
    if (tokens.includes('keep-alive')) framing.keepAlive = true
  } else if (name === identityHeader) framing.identity = value.slice(0, 253)
}

const CR = 13
const LF = 10

/** The chunked transfer coding (RFC 9112, 7.1), byte by byte outside the data. */
class ChunkReader {
  isComplete = false
  error: string | undefined
  #state: 'size' | 'data' | 'data-end' | 'trailer' = 'size'
  #line = ''
  #left = 0

  start(): void {
    this.isComplete = false
    this.error = undefined
    this.#state = 'size'
    this.#line = ''
  }

  feed(bytes: Buffer, from: number): number {
    let at = from
    while (at < bytes.length && !this.isComplete && this.error === undefined) {
      if (this.#state === 'data') {
        const taken = Math.min(this.#left, bytes.length - at)
        this.#left -= taken
        at += taken
        if (this.#left === 0) this.#state = 'data-end'
      } else this.#feedByte(bytes[at++] ?? 0)
    }
    return at
  }

  #feedByte(byte: number): void {
    if (byte === LF) this.#endLine()
    else if (byte === CR) return
    else if (this.#state === 'data-end') this.error = 'bad chunk end'
    else if (this.#line.length > 4_096) this.error = 'chunk line too long'
    else this.#line += String.fromCharCode(byte)
  }

  #endLine(): void {
    const line = this.#line
    this.#line = ''
    if (this.#state === 'data-end') this.#state = 'size'
    else if (this.#state === 'trailer') this.isComplete = line === ''
    else {
      const size = /^([0-9a-fA-F]{1,12})\s*(?:;|$)/.exec(line)?.[1]
      if (size === undefined) this.error = 'bad chunk size'
      else {
        this.#left = parseInt(size, 16)
        this.#state = this.#left === 0 ? 'trailer' : 'data'
      }
    }
  }
}
