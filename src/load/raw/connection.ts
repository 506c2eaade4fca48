import type { Socket } from 'node:net'
import type { Endpoint } from '../endpoint.ts'
import type { Exchange } from '../engine.ts'
import { onLocalPort } from '../on-local-port.ts'
import type { PreparedRequest } from '../prepared-request.ts'
import type { ConnectionUse, FailureClass } from '../request-failure.ts'
import {
  classifyClose,
  classifyError,
  classifyTlsError,
  isCloseInHandshake,
  type RequestPhase,
} from './classify-error.ts'
import type { Expiring } from './deadlines.ts'
import { openSocket } from './open-socket.ts'
import { readAgain } from './read-again.ts'
import type { HeadMemo } from './response-head.ts'
import { ResponseParser } from './response-parser.ts'

/** What a connection tells its engine. */
export interface ConnectionListener {
  /** The answer to the current request is complete. */
  answered(connection: Connection): void
  /** The current request came to nothing; the connection is of no further use. */
  failed(connection: Connection, failure: FailureClass, detail: string | undefined): void
  /** The connection is gone; it carried no request at that moment. */
  ended(connection: Connection): void
}

export interface ConnectionOptions {
  readonly endpoint: Endpoint
  readonly identityHeader: string
  readonly memo: HeadMemo
  readonly isSingleUse: boolean
  readonly maxResponseBytes: number
  readonly nowUs: () => number
  readonly listener: ConnectionListener
}

/**
 * One connection with at most one request on it at a time; it is the request's {@link Exchange} too.
 *
 * Invariants: it is busy from `send` until just before exactly one of `answered` and `failed` is told; after `failed`
 * and `ended` nothing is told any more; the fields of an exchange stand until the next `send`.
 */
export class Connection implements Exchange, Expiring {
  readonly parser: ResponseParser
  readonly isSingleUse: boolean
  readonly openedAtUs: number
  /** Carries a request. */
  isBusy = false
  isDead = false
  /** Requests answered on it. */
  served = 0
  /** When it may no longer take a request, by the other side's keep-alive hint; Infinity without one. */
  keptUntilUs = Infinity
  /** Its place among the idle ones; −1 when it is not idle. */
  idleAt = -1
  earlier: Expiring | undefined
  later: Expiring | undefined

  request: PreparedRequest | undefined
  seq = 0
  dueAtUs = 0
  sentAtUs = 0
  firstByteAtUs = 0
  endedAtUs = 0
  bytesReceived = 0
  servedBefore = 0
  connectUs = 0
  answeredBefore: string | undefined
  localPort: number | undefined

  #isConnected = false
  #lastIdentity: string | undefined
  readonly #isTls: boolean
  readonly #maxResponseBytes: number
  readonly #socket: Socket
  readonly #listener: ConnectionListener
  readonly #nowUs: () => number

  constructor(options: ConnectionOptions) {
    this.parser = new ResponseParser(options.identityHeader, options.memo)
    this.isSingleUse = options.isSingleUse
    this.#isTls = options.endpoint.tls !== undefined
    this.#maxResponseBytes = options.maxResponseBytes
    this.#listener = options.listener
    this.#nowUs = options.nowUs
    this.openedAtUs = options.nowUs()
    const socket = openSocket(options.endpoint, (bytes, length) => this.#onBytes(bytes, length))
    this.#socket = socket
    socket.setNoDelay(true)
    onLocalPort(socket, (port) => {
      this.localPort = port
    })
    socket.on(this.#isTls ? 'secureConnect' : 'connect', () => this.#onConnected())
    socket.on('end', () => this.#onEnd())
    socket.on('error', (error: NodeJS.ErrnoException) => this.#onError(error))
    socket.on('close', () => this.#onGone(undefined))
  }

  get status(): number {
    return this.parser.status
  }

  get answeredBy(): string | undefined {
    return this.parser.identity
  }

  get use(): ConnectionUse {
    return this.servedBefore > 0 ? 'reused' : 'new'
  }

  get connectionAgeUs(): number {
    return this.sentAtUs - this.openedAtUs
  }

  /** How far the current request has come. */
  get phase(): RequestPhase {
    if (this.parser.hasHead) return 'in-body'
    return this.#isConnected ? 'waiting' : 'connecting'
  }

  send(request: PreparedRequest, seq: number, dueAtUs: number): void {
    this.isBusy = true
    this.request = request
    this.seq = seq
    this.dueAtUs = dueAtUs
    this.firstByteAtUs = 0
    this.bytesReceived = 0
    this.servedBefore = this.served
    this.answeredBefore = this.#lastIdentity
    if (this.served > 0) this.connectUs = 0
    this.parser.expect(request.method, request.check?.needsBody === true)
    this.sentAtUs = this.#nowUs()
    if (this.#isConnected) this.#socket.write(request.wire(this.isSingleUse))
  }

  /** Closes at once; says nothing to the listener. */
  destroy(): void {
    this.isDead = true
    this.#socket.destroy()
  }

  #onConnected(): void {
    this.#isConnected = true
    this.connectUs = this.#nowUs() - this.openedAtUs
    // Written only now: to hold a write back until it is connected costs the socket more than the write.
    if (this.isBusy && this.request) this.#socket.write(this.request.wire(this.isSingleUse))
  }

  #onBytes(bytes: Uint8Array, length: number): void {
    if (this.isDead) return
    if (!this.isBusy) {
      // Bytes that nobody asked for: the next answer on this connection could not be believed.
      this.destroy()
      this.#listener.ended(this)
      return
    }
    const { parser } = this
    // One reading of the clock serves the first byte and, mostly, the end of the answer.
    const nowUs = this.#nowUs()
    if (this.bytesReceived === 0) this.firstByteAtUs = nowUs
    this.bytesReceived += length
    parser.feed(bytes, length)
    if (parser.isComplete) this.#finish(nowUs)
    else if (parser.isBroken) this.#fail('protocol', parser.error)
    else if (this.bytesReceived > this.#maxResponseBytes) {
      this.#fail('protocol', `answer longer than ${this.#maxResponseBytes} bytes`)
    }
  }

  #finish(nowUs: number): void {
    this.isBusy = false
    this.endedAtUs = nowUs
    this.served++
    this.#lastIdentity = this.parser.identity ?? this.#lastIdentity
    this.#listener.answered(this)
  }

  #onEnd(): void {
    if (this.isBusy) readAgain(this.#socket, () => this.#onFin())
    else this.#onGone(undefined)
  }

  #onFin(): void {
    if (this.isDead) return
    if (this.parser.finish()) this.#finish(this.#nowUs())
    else this.#onGone(`FIN${this.#place}`)
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (!this.isBusy) {
      this.#onGone(undefined)
      return
    }
    const { phase } = this
    const word = isCloseInHandshake(error) ? 'FIN' : error.code
    this.#fail(
      this.#isTls ? classifyTlsError(error, phase) : classifyError(error.code, phase),
      word === undefined ? error.message : word + this.#place,
    )
  }

  get #place(): string {
    return this.#isTls && this.phase === 'connecting' ? ' in the TLS handshake' : ''
  }

  #onGone(detail: string | undefined): void {
    if (this.isDead) return
    if (this.isBusy) this.#fail(classifyClose(this.phase), detail)
    else {
      this.destroy()
      this.#listener.ended(this)
    }
  }

  #fail(failure: FailureClass, detail: string | undefined): void {
    if (this.isDead) return
    this.endedAtUs = this.#nowUs()
    this.destroy()
    this.isBusy = false
    this.#listener.failed(this, failure, detail)
  }
}
