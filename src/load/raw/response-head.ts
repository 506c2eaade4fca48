import { type Framing, readFraming } from './read-framing.ts'

/** A response head, read. */
export interface ResponseHead {
  readonly status: number
  readonly framing: Framing
  /** Whether the connection may carry another request after this response. */
  readonly keepAlive: boolean
  /** The header lines, each ending in CRLF. */
  readonly headers: string
}

/** Reads a head as far as its last line's CRLF, or says why it is none (RFC 9112, 4). */
export function readResponseHead(head: string, identityHeader: string): ResponseHead | string {
  const lineEnd = head.indexOf('\r\n')
  if (!/^HTTP\/1\.[01] [1-9]\d\d(?: |$)/.test(head.slice(0, Math.min(13, lineEnd)))) {
    return 'bad status line'
  }
  const framing = readFraming(head, lineEnd + 2, identityHeader)
  if (framing.error !== undefined) return framing.error
  const status = Number(head.slice(9, 12))
  if (status === 101) return 'unexpected 101 Switching Protocols'
  const isHttp10 = head.charCodeAt(7) === 48
  const keepAlive = !framing.close && (!isHttp10 || framing.keepAlive)
  return { status, framing, keepAlive, headers: head.slice(lineEnd + 2) }
}

const MAX_KEPT_BYTES = 4_096

/**
 * The last head and its meaning. Answers of one server differ in little but their Date, once a second: the same bytes
 * mean the same head, and comparing them costs a tenth of reading them (docs/performance.md).
 */
export class HeadMemo {
  /** In bytes, of the head that is kept. */
  length = 0
  #head: ResponseHead | undefined
  #bytes = Buffer.alloc(0)

  /** The kept head, when the bytes from the first on begin with it. */
  find(bytes: Uint8Array, end: number): ResponseHead | undefined {
    const length = this.length
    if (length > end) return undefined
    const kept = this.#bytes
    // From behind: what differs, such as the Date, is found no later than from the front, and CRLF CRLF is checked first.
    for (let at = length - 1; at >= 0; at--) if (kept[at] !== bytes[at]) return undefined
    return this.#head
  }

  keep(head: ResponseHead, bytes: Uint8Array, length: number): void {
    if (length > MAX_KEPT_BYTES) return
    if (this.#bytes.length < length) this.#bytes = Buffer.alloc(length)
    this.#bytes.set(bytes.subarray(0, length))
    this.length = length
    this.#head = head
  }
}
