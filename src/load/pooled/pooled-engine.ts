import { DEFAULT_MAX_RESPONSE_BYTES } from '../../scenario/scenario.ts'
import type { EndListener, Engine } from '../engine.ts'
import type { LoadPlan } from '../load-plan.ts'
import type { PreparedRequest } from '../prepared-request.ts'
import { classifyTimeout } from '../raw/classify-error.ts'
import { Deadlines } from '../raw/deadlines.ts'
import { type Endpoint, endpointOf } from '../endpoint.ts'
import type { Outcome } from '../request-failure.ts'
import type {
  ConnectionOwner,
  Loss,
  PooledConnection,
  PooledConnectionOptions,
} from './pooled-connection.ts'
import { PooledExchange } from './pooled-exchange.ts'

/**
 * The pool round connections whose protocol a library speaks. It decides which connection a request takes, when a
 * request's time is over and when a connection is; the library decides none of that.
 */
export class PooledEngine implements Engine, ConnectionOwner {
  readonly #load: LoadPlan['load']
  readonly #endpoint: Endpoint
  readonly #nowUs: () => number
  readonly #onEnded: EndListener
  readonly #open: (options: PooledConnectionOptions) => PooledConnection
  readonly #deadlines: Deadlines<PooledExchange>
  readonly #exchanges = new Set<PooledExchange>()
  readonly #connections = new Set<PooledConnection>()
  /** Those that had room when they were put here, the one used last on top; looked at again before use. */
  readonly #listed: PooledConnection[] = []

  constructor(
    { load, address }: LoadPlan,
    nowUs: () => number,
    onEnded: EndListener,
    open: (options: PooledConnectionOptions) => PooledConnection,
  ) {
    this.#load = load
    this.#endpoint = endpointOf(address)
    this.#nowUs = nowUs
    this.#onEnded = onEnded
    this.#open = open
    this.#deadlines = new Deadlines(load.timeoutUs)
  }

  get inFlight(): number {
    return this.#exchanges.size
  }

  get connections(): number {
    return this.#connections.size
  }

  get isFull(): boolean {
    return this.#connections.size >= this.#load.maxConnections && this.#idleAt() < 0
  }

  hasRoom(isNew: boolean): boolean {
    return (!isNew && this.#withRoom() !== undefined) || !this.isFull
  }

  send(request: PreparedRequest, seq: number, dueAtUs: number, isNew: boolean): number {
    const connection = (isNew ? undefined : this.#withRoom()) ?? this.#openConnection(isNew)
    const at = { seq, dueAtUs, sentAtUs: this.#nowUs() }
    const exchange = new PooledExchange(connection, request, at)
    this.#exchanges.add(exchange)
    this.#deadlines.add(exchange)
    connection.inFlight++
    connection.sent++
    connection.send(exchange)
    return exchange.sentAtUs
  }

  tick(nowUs: number): void {
    this.#deadlines.expire(nowUs, (exchange) => {
      const failure = classifyTimeout(exchange.connection.phaseOf(exchange))
      exchange.connection.abandon(exchange)
      this.#end(exchange, failure, undefined)
    })
  }

  close(): void {
    for (const connection of [...this.#connections]) this.#close(connection)
    for (const exchange of [...this.#exchanges]) this.#end(exchange, 'cut-off', undefined)
  }

  answered(exchange: PooledExchange): void {
    const { connection } = exchange
    if (exchange.isEnded) return
    connection.served++
    connection.lastIdentity = exchange.answeredBy ?? connection.lastIdentity
    this.#end(exchange, exchange.judge(), undefined)
  }

  failed(exchange: PooledExchange, { failure, detail }: Loss): void {
    if (!exchange.isEnded) this.#end(exchange, failure, detail)
  }

  gone(connection: PooledConnection): void {
    connection.isDead = true
    this.#connections.delete(connection)
  }

  /** The listener comes last: it may send the next request on the same connection. */
  #end(exchange: PooledExchange, outcome: Outcome, detail: string | undefined): void {
    exchange.isEnded = true
    exchange.endedAtUs = this.#nowUs()
    this.#exchanges.delete(exchange)
    this.#deadlines.remove(exchange)
    exchange.connection.inFlight--
    this.#settle(exchange.connection)
    this.#onEnded(exchange, outcome, detail)
  }

  /** Keeps a connection for the next request, or closes it when it will never have one. */
  #settle(connection: PooledConnection): void {
    if (connection.isDead) this.gone(connection)
    else if (this.#isOver(connection)) {
      connection.isDraining = true
      if (connection.inFlight === 0) this.#close(connection)
    } else if (!connection.isListed && connection.inFlight < connection.maxInFlight) {
      connection.isListed = true
      this.#listed.push(connection)
    }
  }

  #isOver({ isSingleUse, isDraining, sent }: PooledConnection): boolean {
    return isSingleUse || isDraining || sent >= (this.#load.maxRequestsPerConnection ?? Infinity)
  }

  #isStale({ inFlight, keptUntilUs, openedAtUs }: PooledConnection): boolean {
    const maxAgeUs = this.#load.maxConnectionAgeUs ?? Infinity
    const nowUs = this.#nowUs()
    return nowUs - openedAtUs >= maxAgeUs || (inFlight === 0 && nowUs >= keptUntilUs)
  }

  /** The connection used last that has room; takes those without off the list. */
  #withRoom(): PooledConnection | undefined {
    for (let one = this.#listed.at(-1); one; one = this.#listed.at(-1)) {
      if (this.#isStale(one)) one.isDraining = true
      const isUsable = !one.isDead && !this.#isOver(one)
      if (isUsable && one.inFlight < one.maxInFlight) return one
      this.#listed.pop()
      one.isListed = false
      if (!isUsable && one.inFlight === 0) this.#close(one)
    }
    return undefined
  }

  #idleAt(): number {
    return this.#listed.findLastIndex(({ inFlight, isDead }) => inFlight === 0 && !isDead)
  }

  /** Opens one; when there are as many as may be, an idle one makes room. */
  #openConnection(isSingleUse: boolean): PooledConnection {
    if (this.#connections.size >= this.#load.maxConnections) {
      const [idle] = this.#listed.splice(this.#idleAt(), 1)
      if (idle) this.#close(idle)
    }
    const connection = this.#open({
      endpoint: this.#endpoint,
      identityHeader: this.#load.identityHeader,
      isSingleUse,
      maxResponseBytes: this.#load.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
      nowUs: this.#nowUs,
      owner: this,
    })
    this.#connections.add(connection)
    if (!isSingleUse && connection.maxInFlight > 1) {
      connection.isListed = true
      this.#listed.push(connection)
    }
    return connection
  }

  #close(connection: PooledConnection): void {
    this.gone(connection)
    connection.destroy()
  }
}
