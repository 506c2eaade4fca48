import type { Exchange } from '../engine.ts'
import { judgeAnswer, MAX_CHECKED_BYTES, type PreparedRequest } from '../prepared-request.ts'
import type { Expiring } from '../raw/deadlines.ts'
import type { ConnectionUse, Outcome } from '../request-failure.ts'
import type { PooledConnection } from './pooled-connection.ts'

/** A response head as a library gives it. */
export interface LibraryHead {
  readonly status: number
  readonly identity: string | undefined
  /** Its header lines, each ending in CRLF; asked for only when a check needs them. */
  lines(): string
}

/** One request on its way through a library, and what has come back so far. */
export class PooledExchange implements Exchange, Expiring {
  readonly connection: PooledConnection
  readonly request: PreparedRequest
  readonly seq: number
  readonly dueAtUs: number
  readonly sentAtUs: number
  readonly servedBefore: number
  readonly answeredBefore: string | undefined
  firstByteAtUs = 0
  endedAtUs = 0
  bytesReceived = 0
  status = 0
  answeredBy: string | undefined
  isEnded = false
  earlier: Expiring | undefined
  later: Expiring | undefined
  readonly #wasConnected: boolean
  /** Its header lines, when they are to be checked. */
  headers = ''
  readonly #body: Buffer[] = []
  #bodyLength = 0

  constructor(
    connection: PooledConnection,
    request: PreparedRequest,
    at: { readonly seq: number; readonly dueAtUs: number; readonly sentAtUs: number },
  ) {
    this.connection = connection
    this.request = request
    this.seq = at.seq
    this.dueAtUs = at.dueAtUs
    this.sentAtUs = at.sentAtUs
    this.servedBefore = connection.served
    this.answeredBefore = connection.lastIdentity
    this.#wasConnected = connection.isConnected
  }

  get use(): ConnectionUse {
    return this.servedBefore > 0 ? 'reused' : 'new'
  }

  get isSingleUse(): boolean {
    return this.connection.isSingleUse
  }

  get connectionAgeUs(): number {
    return this.sentAtUs - this.connection.openedAtUs
  }

  get connectUs(): number {
    return this.#wasConnected ? 0 : this.connection.connectUs
  }

  get localPort(): number | undefined {
    return this.connection.localPort
  }

  /** The body as far as it was kept. */
  get body(): Buffer {
    return Buffer.concat(this.#body)
  }

  /** The head, not one of the 1xx before it, is there. */
  takeHead(head: LibraryHead): void {
    this.status = head.status
    this.answeredBy = head.identity
    if (this.request.check?.needsHeaders) this.headers = head.lines()
  }

  /** Keeps a part of the body if it is to be checked; the bytes are copied. */
  takeBody(bytes: Buffer): void {
    const left = MAX_CHECKED_BYTES - this.#bodyLength
    if (!this.request.check?.needsBody || left <= 0) return
    const kept = Buffer.from(bytes.subarray(0, left))
    this.#body.push(kept)
    this.#bodyLength += kept.length
  }

  /** What the whole answer is worth. */
  judge(): Outcome {
    return judgeAnswer(this.request, this)
  }
}
