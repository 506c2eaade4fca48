import { ChunkReader } from './chunk-reader.ts'
import { type Framing, readFraming } from './read-framing.ts'

/** Longest response head that is accepted, in bytes. */
const MAX_HEAD_BYTES = 65_536
const HTTP = Buffer.from('HTTP/')

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
    const start = this.#pending ? 0 : from
    const all = this.#pending ? Buffer.concat([this.#pending, bytes.subarray(from)]) : bytes
    if (!mayBeHttp(all, start)) return this.#break('not an HTTP response')
    const end = all.indexOf('\r\n\r\n', start, 'latin1')
    if ((end < 0 ? all.length : end + 4) - start > MAX_HEAD_BYTES) {
      return this.#break('response head too long')
    }
    if (end < 0) {
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

/** Whether all the bytes there are, up to five, begin `HTTP/`. */
function mayBeHttp(bytes: Buffer, from: number): boolean {
  const length = Math.min(HTTP.length, bytes.length - from)
  return bytes.compare(HTTP, 0, length, from, from + length) === 0
}
