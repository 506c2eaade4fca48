import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type Settings,
} from 'node:http2'
import { libraryHead } from '../pooled/library-head.ts'
import {
  type Loss,
  PooledConnection,
  type PooledConnectionOptions,
} from '../pooled/pooled-connection.ts'
import type { PooledExchange } from '../pooled/pooled-exchange.ts'
import { openSession } from './open-session.ts'
import { requestHeaders } from './request-headers.ts'
import { type Goaway, streamLoss } from './stream-loss.ts'

/** How many streams a connection may have: ours, and the servers' as their last SETTINGS had it. */
export interface StreamLimit {
  readonly ceiling: number
  /** What a connection goes by until its own SETTINGS are there. */
  lastSeen: number
}

/**
 * One HTTP/2 connection. What is sent before it is there waits for it here. A request is lost when its stream has
 * closed, not when the first error is heard of: by then it is known whether stream, connection or socket did it.
 */
export class Http2Connection extends PooledConnection {
  readonly #limit: StreamLimit
  readonly #waiting = new Set<PooledExchange>()
  readonly #streams = new Map<PooledExchange, ClientHttp2Stream>()
  #session: ClientHttp2Session | undefined
  #maxStreams: number | undefined
  #lastByteAtUs = 0
  #goaway: Goaway | undefined
  /** The socket's end: FIN, or its error. */
  #end: 'FIN' | NodeJS.ErrnoException | undefined

  constructor(options: PooledConnectionOptions, limit: StreamLimit) {
    super(options, 'h2')
    this.#limit = limit
  }

  get maxInFlight(): number {
    return this.#maxStreams ?? this.#limit.lastSeen
  }

  send(exchange: PooledExchange): void {
    if (this.#session) this.#request(this.#session, exchange)
    else this.#waiting.add(exchange)
  }

  /** When nothing at all has come since the request was sent, the whole connection is not to be trusted. */
  abandon(exchange: PooledExchange): void {
    if (this.#lastByteAtUs < exchange.sentAtUs) this.isDraining = true
    this.#waiting.delete(exchange)
    this.#cancel(exchange)
  }

  /**
   * Later, when there is a session: one that is destroyed while a stream tells of its end can abort the whole process
   * (docs/decisions/0007).
   */
  override destroy(): void {
    const session = this.#session
    this.isDead = true
    if (!session) super.destroy()
    else {
      setImmediate(() => {
        super.destroy()
        session.destroy()
      })
    }
  }

  protected onConnected(): void {
    const { socket } = this
    const protocol = 'alpnProtocol' in socket ? socket.alpnProtocol : 'h2'
    if (protocol !== 'h2') {
      const chosen = typeof protocol === 'string' ? protocol : 'no protocol'
      this.#fail({ failure: 'protocol', detail: `the server chose ${chosen}, not h2` })
      return
    }
    this.#session = this.#open()
    for (const exchange of this.#waiting) this.#request(this.#session, exchange)
    this.#waiting.clear()
  }

  protected onFin(): void {
    this.#end ??= 'FIN'
    this.isDraining = true
  }

  protected onError(error: NodeJS.ErrnoException): void {
    // Node gives a session's error to its socket too.
    if (error.code?.startsWith('ERR_HTTP2_') !== true) this.#end ??= error
    this.isDraining = true
  }

  /** The streams close after their socket; what has no stream yet, or one that does not tell, ends here. */
  protected onClosed(): void {
    this.options.owner.gone(this)
    setImmediate(() => {
      for (const exchange of [...this.#waiting, ...this.#streams.keys()]) this.#lose(exchange)
    })
  }

  #open(): ClientHttp2Session {
    const session = openSession(this.socket, this.#scheme, this.#limit.ceiling)
    session.on('remoteSettings', ({ maxConcurrentStreams = Infinity }: Settings) => {
      this.#maxStreams = Math.min(maxConcurrentStreams, this.#limit.ceiling)
      this.#limit.lastSeen = this.#maxStreams
    })
    session.on('goaway', (code: number, lastStreamId: number) => {
      // The last one counts: a graceful end is announced first and drawn later (RFC 9113, 6.8).
      this.#goaway = { code, lastStreamId }
      this.isDraining = true
    })
    session.on('error', () => (this.isDraining = true))
    session.on('close', () => (this.isDraining = true))
    return session
  }

  get #scheme(): 'http' | 'https' {
    return this.options.endpoint.tls ? 'https' : 'http'
  }

  #request(session: ClientHttp2Session, exchange: PooledExchange): void {
    const { body } = exchange.request
    let stream: ClientHttp2Stream
    try {
      const headers = requestHeaders(exchange.request, this.#scheme)
      stream = session.request(headers, { endStream: body.length === 0 })
    } catch (error) {
      // Not the other side's doing: headers that HTTP/2 cannot say, or a session that has just closed.
      process.nextTick(() => this.#refuse(exchange, error))
      return
    }
    this.#streams.set(exchange, stream)
    this.#follow(stream, exchange)
    if (body.length > 0) stream.end(body)
  }

  #refuse(exchange: PooledExchange, error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error)
    const isOurs = this.#session?.closed !== true
    if (isOurs) this.options.owner.failed(exchange, { failure: 'generator', detail })
    else this.#lose(exchange)
  }

  #follow(stream: ClientHttp2Stream, exchange: PooledExchange): void {
    let error: NodeJS.ErrnoException | undefined
    stream.on('headers', (_, _flags, raw) => this.#took(exchange, headBytes(raw)))
    stream.once('response', (headers, _, raw) => this.#onHead(exchange, headers, raw))
    stream.on('data', (bytes: Buffer) => {
      exchange.takeBody(bytes)
      this.#took(exchange, bytes.length)
    })
    stream.once('end', () => {
      // A stream that was closed before its end was read has been cut, even when no error says so.
      if (!stream.closed) this.#finish(exchange)
      else if (stream.rstCode === constants.NGHTTP2_NO_ERROR) this.#lose(exchange, stream)
    })
    stream.on('error', (cause: NodeJS.ErrnoException) => (error ??= cause))
    stream.once('close', () => this.#lose(exchange, stream, error))
  }

  #onHead(
    exchange: PooledExchange,
    headers: IncomingHttpHeaders & IncomingHttpStatusHeader,
    raw: readonly string[],
  ): void {
    const { identityHeader } = this.options
    exchange.takeHead(libraryHead(headers[':status'] ?? 0, headers, raw, identityHeader))
    this.#took(exchange, headBytes(raw))
  }

  #took(exchange: PooledExchange, bytes: number): void {
    if (exchange.isEnded) return
    this.#lastByteAtUs = this.options.nowUs()
    if (exchange.firstByteAtUs === 0) exchange.firstByteAtUs = this.#lastByteAtUs
    exchange.bytesReceived += bytes
    const { maxResponseBytes, owner } = this.options
    if (exchange.bytesReceived <= maxResponseBytes) return
    this.#cancel(exchange)
    owner.failed(exchange, {
      failure: 'protocol',
      detail: `answer longer than ${maxResponseBytes} bytes`,
    })
  }

  #finish(exchange: PooledExchange): void {
    const stream = this.#streams.get(exchange)
    // Answered before all of the request was taken: the rest is not sent.
    if (stream?.writableFinished === false) this.#cancel(exchange)
    this.#streams.delete(exchange)
    this.options.owner.answered(exchange)
  }

  #cancel(exchange: PooledExchange): void {
    const stream = this.#streams.get(exchange)
    this.#streams.delete(exchange)
    stream?.close(constants.NGHTTP2_CANCEL)
    // Closing alone waits for the other side, and may wait for ever.
    stream?.destroy()
  }

  #lose(exchange: PooledExchange, stream?: ClientHttp2Stream, error?: NodeJS.ErrnoException): void {
    this.#waiting.delete(exchange)
    this.#streams.delete(exchange)
    if (exchange.isEnded) return
    this.options.owner.failed(exchange, this.#lossOf(exchange, stream, error))
  }

  #lossOf(exchange: PooledExchange, stream?: ClientHttp2Stream, error?: Error): Loss {
    const end = this.#end
    if (end !== undefined && end !== 'FIN') return this.lossBy(end, exchange)
    const phase = this.phaseOf(exchange)
    const loss = streamLoss({ stream, error, goaway: this.#goaway, hasFin: end === 'FIN' }, phase)
    return loss ?? this.lossByEnd(end, exchange)
  }

  #fail(loss: Loss): void {
    this.destroy()
    this.options.owner.gone(this)
    for (const exchange of this.#waiting) this.options.owner.failed(exchange, loss)
    this.#waiting.clear()
  }
}

/** The size of a head before compression; how many bytes it took on the wire, Node does not say. */
const headBytes = (raw: readonly string[]): number =>
  raw.reduce((bytes, text) => bytes + text.length, 0)
