import type { IncomingHttpHeaders } from 'node:http'
import { isIPv6 } from 'node:net'
import { type buildConnector, Client, type Dispatcher } from 'undici'
import { libraryHead } from '../pooled/library-head.ts'
import {
  type Loss,
  PooledConnection,
  type PooledConnectionOptions,
} from '../pooled/pooled-connection.ts'
import type { PooledExchange } from '../pooled/pooled-exchange.ts'

/** Longest response head that is accepted, in bytes; as the raw engine has it. */
const MAX_HEAD_BYTES = 65_536
/** undici must not close idle connections: the engine does. */
const NEVER_MS = 2 ** 31 - 1
/** The word of an error by which undici's parser, or its own checks, refuse bytes. */
const REFUSED_BYTES = /^(?:HPE_|UND_ERR_|ERR_ASSERTION)/

/**
 * One HTTP/1.1 connection with an undici client of its own. A client that loses its socket would open another and send
 * there again what it has not seen fail; this one gets one socket, ever.
 */
export class UndiciConnection extends PooledConnection implements Dispatcher.DispatchHandler {
  readonly maxInFlight = 1
  readonly #client: Client
  #handOver: buildConnector.Callback | undefined
  #exchange: PooledExchange | undefined
  #bytesBefore = 0
  #endsAtFin = false

  constructor(options: PooledConnectionOptions) {
    super(options, 'http/1.1')
    const { host, port } = options.endpoint
    // Never https: TLS, where there is any, is the socket's business.
    this.#client = new Client(`http://${isIPv6(host) ? `[${host}]` : host}:${port}`, {
      allowH2: false,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: NEVER_MS,
      keepAliveMaxTimeout: NEVER_MS,
      keepAliveTimeoutThreshold: -NEVER_MS,
      maxHeaderSize: MAX_HEAD_BYTES,
      connect: (_, callback) => {
        if (this.#handOver) callback(new Error('a connection has one socket'), null)
        this.#handOver ??= callback
      },
    })
  }

  send(exchange: PooledExchange): void {
    const { method, path, headers, body } = exchange.request
    this.#exchange = exchange
    this.#bytesBefore = this.socket.bytesRead
    this.#client.dispatch(
      {
        method,
        path,
        headers: headers.filter(([name]) => name.toLowerCase() !== 'connection').flat(),
        body: body.length > 0 ? body : null,
        reset: this.isSingleUse,
      },
      this,
    )
  }

  abandon(): void {
    this.#exchange = undefined
    this.destroy()
  }

  override destroy(): void {
    super.destroy()
    this.#client.destroy(null, () => undefined)
  }

  onRequestStart(): void {
    // undici demands it; there is nothing to do.
  }

  onResponseStart(
    { rawHeaders }: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    const exchange = this.#exchange
    if (!exchange || status < 200) return
    const raw = Array.isArray(rawHeaders) ? rawHeaders : []
    exchange.takeHead(libraryHead(status, headers, raw, this.options.identityHeader))
    this.takeKeepAliveHint(headers['keep-alive'])
    const coding = headers['transfer-encoding'] ?? ''
    this.#endsAtFin = headers['content-length'] === undefined && !/chunked\s*$/i.test(coding)
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    this.#exchange?.takeBody(bytes)
  }

  /** On the next tick undici has closed the socket if it will not use it again. */
  onResponseEnd(): void {
    const exchange = this.#exchange
    if (!exchange || this.isDead) return
    this.#exchange = undefined
    exchange.bytesReceived = this.socket.bytesRead - this.#bytesBefore
    process.nextTick(() => {
      if (this.socket.destroyed) this.destroy()
      this.options.owner.answered(exchange)
    })
  }

  /** What has no socket event: a request that undici will not send. It may come within `send`. */
  onResponseError(_: unknown, error: Error): void {
    process.nextTick(() => this.#fail({ failure: 'generator', detail: error.message }))
  }

  protected onConnected(): void {
    this.socket.on('readable', () => this.#onReadable())
    this.#handOver?.(null, this.socket)
  }

  protected onFin(): void {
    // undici completes such an answer at the FIN, after this.
    if (this.#exchange && this.#exchange.status > 0 && this.#endsAtFin) return
    this.#lose('FIN')
  }

  protected onError(error: NodeJS.ErrnoException): void {
    const exchange = this.#exchange
    if (!exchange) this.#lose(undefined)
    else if (error.code !== undefined && REFUSED_BYTES.test(error.code)) {
      this.#fail({ failure: 'protocol', detail: error.message })
    } else this.#fail(this.lossBy(error, exchange))
  }

  protected onClosed(): void {
    this.#lose(undefined)
  }

  /** Comes before undici reads. */
  #onReadable(): void {
    const exchange = this.#exchange
    if (!exchange) return
    exchange.bytesReceived = this.socket.bytesRead - this.#bytesBefore
    if (exchange.firstByteAtUs === 0 && exchange.bytesReceived > 0) {
      exchange.firstByteAtUs = this.options.nowUs()
    }
    const { maxResponseBytes } = this.options
    if (exchange.bytesReceived > maxResponseBytes) {
      this.#fail({
        failure: 'protocol',
        detail: `answer longer than ${maxResponseBytes} bytes`,
      })
    }
  }

  #lose(end: 'FIN' | undefined): void {
    const exchange = this.#exchange
    if (exchange) this.#fail(this.lossByEnd(end, exchange))
    else if (!this.isDead) {
      this.destroy()
      this.options.owner.gone(this)
    }
  }

  #fail(loss: Loss): void {
    const exchange = this.#exchange
    if (!exchange || this.isDead) return
    this.#exchange = undefined
    this.destroy()
    this.options.owner.failed(exchange, loss)
  }
}
