import { DEFAULT_MAX_RESPONSE_BYTES } from '../../scenario/scenario.ts'
import { type Endpoint, endpointOf } from '../endpoint.ts'
import type { EndListener, Engine } from '../engine.ts'
import { keptUntilUs } from '../keep-alive-hint.ts'
import type { LoadPlan } from '../load-plan.ts'
import { judgeAnswer, type PreparedRequest } from '../prepared-request.ts'
import type { FailureClass, Outcome } from '../request-failure.ts'
import { classifyTimeout } from './classify-error.ts'
import { Connection, type ConnectionListener } from './connection.ts'
import { Deadlines } from './deadlines.ts'
import { IdleConnections } from './idle-connections.ts'
import { HeadMemo } from './response-head.ts'

/**
 * So many connections that are to be reused are opened in a millisecond, and none when the thread is so far behind that
 * its last turn took longer than three and connections came free in it. A connection costs as much as ten requests: a
 * thread that opens one for each request of a sudden rate falls behind, finds none free, and opens more. What waits is
 * sent by the next that comes free.
 */
const OPENED_PER_MS = 8
const MS_US = 1_000
const BEHIND_US = 3_000

/** HTTP/1.1 over plain sockets and TLS. */
export class RawEngine implements Engine, ConnectionListener {
  inFlight = 0
  readonly #endpoint: Endpoint
  readonly #identityHeader: string
  readonly #maxConnections: number
  readonly #maxRequests: number
  readonly #maxAgeUs: number
  readonly #maxResponseBytes: number
  readonly #nowUs: () => number
  readonly #onEnded: EndListener
  readonly #deadlines: Deadlines<Connection>
  readonly #open = new Set<Connection>()
  #mayOpen = OPENED_PER_MS
  #mayOpenSinceUs = 0
  /** Connections that came free in this turn. */
  #freed = 0
  readonly #idle = new IdleConnections()
  /** Connections for one request have no head of their own to remember. */
  readonly #sharedMemo = new HeadMemo()

  constructor({ load, address }: LoadPlan, nowUs: () => number, onEnded: EndListener) {
    this.#endpoint = endpointOf(address)
    this.#identityHeader = load.identityHeader
    this.#maxConnections = load.maxConnections
    this.#maxRequests = load.maxRequestsPerConnection ?? Infinity
    this.#maxAgeUs = load.maxConnectionAgeUs ?? Infinity
    this.#maxResponseBytes = load.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES
    this.#nowUs = nowUs
    this.#onEnded = onEnded
    this.#deadlines = new Deadlines(load.timeoutUs)
  }

  get connections(): number {
    return this.#open.size
  }

  get isFull(): boolean {
    return this.#idle.count === 0 && this.#open.size >= this.#maxConnections
  }

  hasRoom(isNew: boolean): boolean {
    return this.#idle.count > 0 || (!this.isFull && (isNew || this.#mayOpen > 0))
  }

  send(request: PreparedRequest, seq: number, dueAtUs: number, isNew: boolean): number {
    const connection = (isNew ? undefined : this.#freeConnection()) ?? this.#openConnection(isNew)
    connection.send(request, seq, dueAtUs)
    this.#deadlines.add(connection)
    this.inFlight++
    return connection.sentAtUs
  }

  tick(nowUs: number): void {
    const turnUs = nowUs - this.#mayOpenSinceUs
    if (turnUs >= MS_US) {
      const isBehind = turnUs > BEHIND_US && this.#freed > 0
      this.#mayOpen = isBehind ? 0 : Math.ceil((OPENED_PER_MS * turnUs) / MS_US)
      this.#mayOpenSinceUs = nowUs
      this.#freed = 0
    }
    this.#deadlines.expire(nowUs, this.#onExpired)
  }

  close(): void {
    for (const connection of [...this.#open]) {
      const { isBusy } = connection
      this.#close(connection)
      connection.endedAtUs = this.#nowUs()
      if (isBusy) this.#end(connection, 'cut-off', undefined)
    }
  }

  answered(connection: Connection): void {
    const { parser, request } = connection
    const outcome = request === undefined ? 'ok' : judgeAnswer(request, parser)
    if (this.#mayGoOn(connection)) {
      this.#idle.push(connection)
      this.#freed++
    } else this.#close(connection)
    this.#end(connection, outcome, undefined)
  }

  failed(connection: Connection, failure: FailureClass, detail: string | undefined): void {
    this.#open.delete(connection)
    this.#end(connection, failure, detail)
  }

  ended(connection: Connection): void {
    this.#idle.remove(connection)
    this.#open.delete(connection)
  }

  readonly #onExpired = (connection: Connection): void => {
    const failure = classifyTimeout(connection.phase)
    this.#close(connection)
    connection.endedAtUs = this.#nowUs()
    this.#end(connection, failure, undefined)
  }

  #close(connection: Connection): void {
    this.#idle.remove(connection)
    this.#open.delete(connection)
    connection.destroy()
  }

  /** The last thing done with an exchange: the listener may send the next request on the same connection. */
  #end(connection: Connection, outcome: Outcome, detail: string | undefined): void {
    this.inFlight--
    this.#deadlines.remove(connection)
    this.#onEnded(connection, outcome, detail)
  }

  #mayGoOn(connection: Connection): boolean {
    const { parser } = connection
    if (connection.isSingleUse || !parser.keepAlive) return false
    if (connection.served >= this.#maxRequests) return false
    const hint = parser.head?.framing.keepAliveHint
    if (hint?.max === 0) return false
    if (hint?.seconds === undefined) return true
    connection.keptUntilUs = keptUntilUs(hint.seconds, this.#nowUs())
    return true
  }

  #freeConnection(): Connection | undefined {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (this.#isFresh(idle)) return idle
      this.#close(idle)
    }
    return undefined
  }

  #isFresh({ keptUntilUs, openedAtUs }: Connection): boolean {
    if (keptUntilUs === Infinity && this.#maxAgeUs === Infinity) return true
    const nowUs = this.#nowUs()
    return nowUs < keptUntilUs && nowUs - openedAtUs < this.#maxAgeUs
  }

  /** Opens one; when there are as many as may be, an idle one makes room. */
  #openConnection(isSingleUse: boolean): Connection {
    if (this.#open.size >= this.#maxConnections) {
      const idle = this.#idle.pop()
      if (idle) this.#close(idle)
    }
    if (!isSingleUse) this.#mayOpen--
    const connection = new Connection({
      endpoint: this.#endpoint,
      identityHeader: this.#identityHeader,
      memo: isSingleUse ? this.#sharedMemo : new HeadMemo(),
      isSingleUse,
      maxResponseBytes: this.#maxResponseBytes,
      nowUs: this.#nowUs,
      listener: this,
    })
    this.#open.add(connection)
    return connection
  }
}
