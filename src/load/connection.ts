import { Socket } from 'node:net'
import { classifyClose, classifyError, type RequestPhase } from './classify-error.ts'
import type { LoadAddress } from './load-plan.ts'
import type { PreparedRequest } from './prepared-request.ts'
import type { FailureClass } from './request-failure.ts'
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

// One buffer serves all sockets of a thread: libuv fills it and calls back before it reads the next socket.
const readBuffer = Buffer.allocUnsafeSlow(65_536)

/** One TCP connection with at most one request on it at a time. */
export class Connection {
  readonly parser: ResponseParser
  readonly isSingleUse: boolean
  readonly openedAtUs: number
  isConnected = false
  isDead = false
  /** Requests answered on it before the current one. */
  served = 0
  /** Who answered last before the current request, by the identity header. */
  lastIdentity: string | undefined
  localPort: number | undefined

  /** The current request; `request` is undefined between requests. */
  request: PreparedRequest | undefined
  seq = 0
  dueAtUs = 0
  sentAtUs = 0
  firstByteAtUs = 0
  bytesReceived = 0

  readonly #socket: Socket
  readonly #listener: ConnectionListener
  readonly #nowUs: () => number

  constructor(options: {
    address: LoadAddress
    identityHeader: string
    isSingleUse: boolean
    nowUs: () => number
    listener: ConnectionListener
  }) {
    this.parser = new ResponseParser(options.identityHeader)
    this.isSingleUse = options.isSingleUse
    this.#listener = options.listener
    this.#nowUs = options.nowUs
    this.openedAtUs = options.nowUs()
    const onread = {
      buffer: readBuffer,
      callback: (length: number, buffer: Uint8Array) => {
        this.#onBytes(Buffer.from(buffer.buffer, buffer.byteOffset, length))
        return true
      },
    }
    this.#socket = new Socket({ onread })
    this.#socket.setNoDelay(true)
    this.#socket.once('connect', () => {
      this.isConnected = true
      this.localPort = this.#socket.localPort
    })
    this.#socket.once('end', () => this.#onEnd())
    this.#socket.once('error', (error: NodeJS.ErrnoException) => this.#onError(error))
    this.#socket.once('close', () => this.#onGone(undefined))
    this.#socket.connect({ host: options.address.host, port: options.address.port })
  }

  /** How far the current request has come. */
  get phase(): RequestPhase {
    if (this.parser.hasHead) return 'in-body'
    return this.isConnected ? 'waiting' : 'connecting'
  }

  send(request: PreparedRequest, seq: number, dueAtUs: number): void {
    this.request = request
    this.seq = seq
    this.dueAtUs = dueAtUs
    this.firstByteAtUs = 0
    this.bytesReceived = 0
    this.parser.expect(request.method)
    this.sentAtUs = this.#nowUs()
    this.#socket.write(this.isSingleUse ? request.onNew : request.onReused)
  }

  /** Closes at once; says nothing to the listener. */
  destroy(): void {
    this.isDead = true
    this.#socket.destroy()
  }

  #onBytes(bytes: Buffer): void {
    if (this.isDead) return
    if (!this.request) {
      // Bytes that nobody asked for: the next answer on this connection could not be believed.
      this.#die(() => this.#listener.ended(this))
      return
    }
    if (this.bytesReceived === 0) this.firstByteAtUs = this.#nowUs()
    this.bytesReceived += bytes.length
    this.parser.feed(bytes)
    if (this.parser.isComplete) this.#finish()
    else if (this.parser.isBroken) this.#fail('protocol', this.parser.error)
  }

  #finish(): void {
    this.#listener.answered(this)
    this.served++
    this.lastIdentity = this.parser.identity ?? this.lastIdentity
  }

  #onEnd(): void {
    if (this.isDead) return
    if (this.request && this.parser.finish()) this.#finish()
    else this.#onGone('FIN')
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (this.request) this.#fail(classifyError(error.code, this.phase), error.code)
    else this.#onGone(error.code)
  }

  #onGone(detail: string | undefined): void {
    if (this.isDead) return
    if (this.request) this.#fail(classifyClose(this.phase), detail)
    else this.#die(() => this.#listener.ended(this))
  }

  #fail(failure: FailureClass, detail: string | undefined): void {
    if (this.isDead) return
    this.#die(() => this.#listener.failed(this, failure, detail))
  }

  #die(tell: () => void): void {
    this.isDead = true
    this.#socket.destroy()
    tell()
  }
}
