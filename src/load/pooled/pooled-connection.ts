import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import {
  classifyClose,
  classifyError,
  classifyTlsError,
  isCloseInHandshake,
  type RequestPhase,
} from '../raw/classify-error.ts'
import type { ApplicationProtocol, Endpoint } from '../endpoint.ts'
import { keptUntilUs, readKeepAlive } from '../keep-alive-hint.ts'
import { onLocalPort } from '../on-local-port.ts'
import type { FailureClass } from '../request-failure.ts'
import { openStream } from './open-stream.ts'
import type { PooledExchange } from './pooled-exchange.ts'

/** What a connection tells its engine; of each exchange once, and never within `send`. */
export interface ConnectionOwner {
  answered(exchange: PooledExchange): void
  failed(exchange: PooledExchange, loss: Loss): void
  /** The connection is of no further use. */
  gone(connection: PooledConnection): void
}

/** Why a request came to nothing. */
export interface Loss {
  readonly failure: FailureClass
  readonly detail: string | undefined
}

export interface PooledConnectionOptions {
  readonly endpoint: Endpoint
  readonly identityHeader: string
  /** It carries one request, and says so where the protocol can. */
  readonly isSingleUse: boolean
  readonly maxResponseBytes: number
  readonly nowUs: () => number
  readonly owner: ConnectionOwner
}

/**
 * A connection whose protocol a library speaks, over a socket that we open and watch: a library's error says less than
 * the socket's own events do about FIN, RST and TLS. Our listeners come before the library's, and the one for `error`
 * stays, so that nothing the other side does is thrown.
 */
export abstract class PooledConnection {
  readonly isSingleUse: boolean
  readonly openedAtUs: number
  isConnected = false
  isDead = false
  /** It gets no new request; what is on its way goes on. */
  isDraining = false
  /** Whether the engine keeps it among those that may have room. */
  isListed = false
  /** Requests in flight, sent ever, and answered. */
  inFlight = 0
  sent = 0
  served = 0
  /** Who answered last. */
  lastIdentity: string | undefined
  /** When it may no longer take a request, by the other side's hint for idle connections. */
  keptUntilUs = Infinity
  /** From the start of connecting until TLS, where there is any, was there; 0 before. */
  connectUs = 0
  /** How many requests it may have in flight. */
  abstract readonly maxInFlight: number
  protected readonly socket: Socket | TLSSocket
  protected readonly options: PooledConnectionOptions
  /** Our TCP port; undefined until the connection is begun. */
  localPort: number | undefined

  constructor(options: PooledConnectionOptions, protocol: ApplicationProtocol) {
    this.options = options
    this.isSingleUse = options.isSingleUse
    this.openedAtUs = options.nowUs()
    this.socket = openStream(options.endpoint, protocol)
    onLocalPort(this.socket, (port) => {
      this.localPort = port
    })
    const isReady = options.endpoint.tls ? 'secureConnect' : 'connect'
    this.socket.once(isReady, () => {
      this.isConnected = true
      this.connectUs = options.nowUs() - this.openedAtUs
      if (!this.isDead) this.onConnected()
    })
    this.socket.once('end', () => this.onFin())
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.onError(error))
    this.socket.once('close', () => this.onClosed())
  }

  /** Sends a request; there must be room. */
  abstract send(exchange: PooledExchange): void

  /** A request has ended for another reason than its answer or a loss; says nothing to the owner. */
  abstract abandon(exchange: PooledExchange): void

  /** How far a request has come. */
  phaseOf(exchange: PooledExchange): RequestPhase {
    if (exchange.status > 0) return 'in-body'
    return this.isConnected ? 'waiting' : 'connecting'
  }

  /** Closes at once; says nothing to the owner. */
  destroy(): void {
    this.isDead = true
    this.socket.destroy()
  }

  /** `Keep-Alive: timeout=5, max=100`: a hint, so what cannot be read says nothing. */
  protected takeKeepAliveHint(hint: string | string[] | undefined): void {
    const { seconds, max } = readKeepAlive(String(hint ?? ''))
    if (max === 0) this.isDraining = true
    if (seconds !== undefined) this.keptUntilUs = keptUntilUs(seconds, this.options.nowUs())
  }

  protected abstract onConnected(): void
  protected abstract onFin(): void
  protected abstract onError(error: NodeJS.ErrnoException): void
  protected abstract onClosed(): void

  /** What an error of the socket means for a request. */
  protected lossBy(error: NodeJS.ErrnoException, exchange: PooledExchange): Loss {
    const phase = this.phaseOf(exchange)
    const isTls = this.options.endpoint.tls !== undefined
    const failure = isTls ? classifyTlsError(error, phase) : classifyError(error.code, phase)
    const word = (isCloseInHandshake(error) ? 'FIN' : error.code) ?? error.message
    return { failure, detail: word + this.#place(phase) }
  }

  /** What the end of the connection, by a FIN or by nothing that is known, means for a request. */
  protected lossByEnd(end: 'FIN' | undefined, exchange: PooledExchange): Loss {
    const phase = this.phaseOf(exchange)
    return { failure: classifyClose(phase), detail: end && end + this.#place(phase) }
  }

  #place(phase: RequestPhase): string {
    return this.options.endpoint.tls && phase === 'connecting' ? ' in the TLS handshake' : ''
  }
}
