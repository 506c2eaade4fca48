import { MAX_CHECKED_BYTES } from '../prepared-request.ts'
import { ChunkReader } from './chunk-reader.ts'
import { type HeadMemo, readResponseHead, type ResponseHead } from './response-head.ts'

/** Longest response head that is accepted, in bytes. */
const MAX_HEAD_BYTES = 65_536
const HTTP = [72, 84, 84, 80, 47]
const CR = 13
const LF = 10
const NOTHING = Buffer.alloc(0)

type State = 'head' | 'length' | 'chunks' | 'until-close' | 'complete' | 'broken'

/**
 * Reads HTTP/1.x responses as their bytes arrive (RFC 9112), one response after another on a connection. It keeps
 * what the load engine needs and copies nothing else: a body only when it is to be checked.
 *
 * Invariants: `feed` never looks beyond `end`; bytes after a complete response are never taken for the next one;
 * `status` is above 0 exactly when the final head has arrived whole.
 */
export class ResponseParser {
  /** 0 until the final head has been read. */
  status = 0
  /** Whether the connection may carry another request after this response. */
  keepAlive = true
  identity: string | undefined
  head: ResponseHead | undefined
  /** Why the bytes are not a response; set in state `broken`. */
  error: string | undefined

  #state: State = 'head'
  #pending: Buffer | undefined
  #left = 0
  #withoutBody = false
  #keepsBody = false
  #kept: Buffer[] = []
  #keptBytes = 0
  #chunks: ChunkReader | undefined
  readonly #identityHeader: string
  readonly #memo: HeadMemo

  /** `identityHeader` in lower case; the memo may be shared by parsers of one thread. */
  constructor(identityHeader: string, memo: HeadMemo) {
    this.#identityHeader = identityHeader
    this.#memo = memo
  }

  get isComplete(): boolean {
    return this.#state === 'complete'
  }

  get isBroken(): boolean {
    return this.#state === 'broken'
  }

  get hasHead(): boolean {
    return this.status !== 0
  }

  /** The header lines of the final head. */
  get headers(): string {
    return this.head?.headers ?? ''
  }

  /** The body as far as it was kept. */
  get body(): Buffer {
    return this.#kept.length === 0 ? NOTHING : Buffer.concat(this.#kept)
  }

  /** Gets ready for the response to the next request. */
  expect(method: string, keepsBody = false): void {
    this.status = 0
    this.keepAlive = true
    this.identity = undefined
    this.head = undefined
    this.error = undefined
    this.#state = 'head'
    this.#pending = undefined
    this.#withoutBody = method === 'HEAD'
    this.#keepsBody = keepsBody
    if (this.#keptBytes > 0) {
      this.#kept = []
      this.#keptBytes = 0
    }
  }

  /** Takes the first `end` bytes as they arrived; afterwards look at `isComplete` and `isBroken`. */
  feed(bytes: Uint8Array, end: number): void {
    let at = 0
    while (at < end) {
      if (this.#state === 'head') at = this.#feedHead(bytes, at, end)
      else if (this.#state === 'length') at = this.#feedLength(bytes, at, end)
      else if (this.#state === 'chunks') at = this.#feedChunks(bytes, at, end)
      else if (this.#state === 'until-close') {
        this.#keep(bytes, at, end)
        return
      } else {
        // Nothing was asked for: a complete answer stands, the connection is not to be trusted any more.
        this.keepAlive = false
        return
      }
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

  #feedHead(bytes: Uint8Array, from: number, end: number): number {
    const known =
      from === 0 && this.#pending === undefined ? this.#memo.find(bytes, end) : undefined
    if (known) {
      this.#enter(known)
      return this.#memo.length
    }
    const came = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from)
    const all = this.#pending ? Buffer.concat([this.#pending, came]) : came
    if (!mayBeHttp(all)) return this.#break('not an HTTP response')
    const emptyLine = all.indexOf('\r\n\r\n', 0, 'latin1')
    const length = emptyLine < 0 ? all.length : emptyLine + 4
    if (length > MAX_HEAD_BYTES) return this.#break('response head too long')
    // Whole or not: else a head of bare LFs would have no end, and pass for silence.
    if (hasBareLf(all, length)) return this.#break('bare LF in the head')
    if (emptyLine < 0) {
      this.#pending = this.#pending ? all : Buffer.from(came)
      return end
    }
    const before = this.#pending?.length ?? 0
    this.#pending = undefined
    const head = readResponseHead(all.toString('latin1', 0, length - 2), this.#identityHeader)
    if (typeof head === 'string') return this.#break(head)
    // 1xx heads come before the final one; there may be any number of them.
    if (head.status >= 200) {
      this.#memo.keep(head, all, length)
      this.#enter(head)
    }
    return from + length - before
  }

  #enter(head: ResponseHead): void {
    const { status, framing } = head
    this.head = head
    this.status = status
    this.identity = framing.identity
    this.keepAlive = head.keepAlive
    if (this.#withoutBody || status === 204 || status === 304) this.#state = 'complete'
    else if (framing.chunked) {
      this.#chunks ??= new ChunkReader()
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

  #feedLength(bytes: Uint8Array, from: number, end: number): number {
    const taken = Math.min(this.#left, end - from)
    this.#keep(bytes, from, from + taken)
    this.#left -= taken
    if (this.#left === 0) this.#state = 'complete'
    return from + taken
  }

  #feedChunks(bytes: Uint8Array, from: number, end: number): number {
    const chunks = this.#chunks
    if (!chunks) throw new Error('chunks without their reader')
    const at = chunks.feed(bytes, from, end, this.#keepsBody ? this.#keepData : undefined)
    if (chunks.error !== undefined) return this.#break(chunks.error)
    if (chunks.isComplete) this.#state = 'complete'
    return at
  }

  readonly #keepData = (bytes: Uint8Array, from: number, to: number): void =>
    this.#keep(bytes, from, to)

  #keep(bytes: Uint8Array, from: number, to: number): void {
    if (!this.#keepsBody) return
    const until = Math.min(to, from + MAX_CHECKED_BYTES - this.#keptBytes)
    if (until <= from) return
    this.#kept.push(Buffer.from(bytes.subarray(from, until)))
    this.#keptBytes += until - from
  }
}

/** Whether all the bytes there are, up to five, begin `HTTP/`. */
function mayBeHttp(bytes: Buffer): boolean {
  return HTTP.every((byte, at) => at >= bytes.length || bytes[at] === byte)
}

/** Whether an LF among the first bytes does not follow a CR. */
function hasBareLf(bytes: Buffer, length: number): boolean {
  for (let at = bytes.indexOf(LF); at >= 0 && at < length; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at - 1] !== CR) return true
  }
  return false
}
