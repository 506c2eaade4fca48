import { classifyTimeout } from './classify-error.ts'
import { Connection, type ConnectionListener } from './connection.ts'
import { Deadlines } from './deadlines.ts'
import type { FrameCollector } from './frame-collector.ts'
import type { LoadAddress, LoadPlan } from './load-plan.ts'
import { type PreparedRequest, prepareRequest, requestOrder } from './prepared-request.ts'
import type { LoadSpec } from '../scenario/scenario.ts'
import type { ConnectionUse, Outcome, RequestFailure } from './request-failure.ts'

/**
 * HTTP/1.1 over plain sockets: no pipelining, no retry, no redirect. Each `send` ends in exactly one
 * outcome, told to the collector.
 */
export class RawEngine implements ConnectionListener {
  inFlight = 0
  readonly #address: LoadAddress
  readonly #identityHeader: string
  readonly #connections: LoadSpec['connections']
  readonly #maxConnections: number
  readonly #requests: readonly PreparedRequest[]
  readonly #order: readonly number[]
  readonly #collector: FrameCollector
  readonly #nowUs: () => number
  readonly #deadlines: Deadlines
  readonly #open = new Set<Connection>()
  /** Open and without a request, the one used last on top; may hold dead ones. */
  readonly #idle: Connection[] = []

  constructor(plan: LoadPlan, collector: FrameCollector, nowUs: () => number) {
    const { requests } = plan.load
    this.#address = plan.address
    this.#identityHeader = plan.load.identityHeader
    this.#connections = plan.load.connections
    this.#maxConnections = plan.load.maxConnections
    this.#collector = collector
    this.#nowUs = nowUs
    this.#requests = requests.map((request) => prepareRequest(request, plan.address.hostHeader))
    this.#order = requestOrder(requests.map((request) => request.weight))
    this.#deadlines = new Deadlines(plan.load.timeoutUs)
  }

  get connections(): number {
    return this.#open.size
  }

  /** Sends request `seq`, or counts it as not sent. */
  send(seq: number, dueAtUs: number): void {
    const connection = this.#connectionFor(seq)
    if (!connection) {
      this.#collector.notSent('connection-limit')
      return
    }
    const request = this.#requestFor(seq)
    if (!request) throw new Error('a load plan without requests')
    connection.send(request, seq, dueAtUs)
    this.#deadlines.add(connection)
    this.inFlight++
    this.#collector.sent(dueAtUs, connection.sentAtUs)
  }

  /** Ends every request whose time is over; to be called about once a millisecond. */
  tick(nowUs: number): void {
    this.#deadlines.expire(nowUs, (connection) => {
      const failure = classifyTimeout(connection.phase)
      connection.destroy()
      this.failed(connection, failure, undefined)
    })
  }

  /** Closes everything; what is still in flight is cut off. */
  close(): void {
    for (const connection of [...this.#open]) {
      connection.destroy()
      if (connection.request) this.#end(connection, 'cut-off', undefined)
    }
    this.#open.clear()
  }

  answered(connection: Connection): void {
    const isOk = connection.request?.isOk(connection.parser.status) === true
    const mayGoOn = connection.parser.keepAlive && !connection.isSingleUse
    if (!mayGoOn) this.#drop(connection)
    this.#end(connection, isOk ? 'ok' : 'bad-status', undefined)
    if (mayGoOn) this.#idle.push(connection)
  }

  failed(connection: Connection, failure: Outcome, detail: string | undefined): void {
    this.#open.delete(connection)
    this.#end(connection, failure, detail)
  }

  ended(connection: Connection): void {
    this.#open.delete(connection)
  }

  #drop(connection: Connection): void {
    this.#open.delete(connection)
    connection.destroy()
  }

  #end(connection: Connection, outcome: Outcome, detail: string | undefined): void {
    const endedAtUs = this.#nowUs()
    this.inFlight--
    const use: ConnectionUse = connection.served > 0 ? 'reused' : 'new'
    this.#collector.ended({
      use,
      outcome,
      status: connection.parser.status,
      dueAtUs: connection.dueAtUs,
      sentAtUs: connection.sentAtUs,
      endedAtUs,
      bytesIn: connection.bytesReceived,
      answeredBy: connection.parser.identity,
    })
    if (outcome !== 'ok') {
      this.#collector.failure(describe(connection, { outcome, use, endedAtUs, detail }))
    }
    connection.request = undefined
  }

  #connectionFor(seq: number): Connection | undefined {
    const isSingleUse =
      this.#connections === 'new' || (this.#connections === 'both' && seq % 2 === 1)
    if (!isSingleUse) {
      for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
        if (!idle.isDead) return idle
      }
    }
    if (this.#open.size >= this.#maxConnections) return undefined
    const connection = new Connection({
      address: this.#address,
      identityHeader: this.#identityHeader,
      isSingleUse,
      nowUs: this.#nowUs,
      listener: this,
    })
    this.#open.add(connection)
    return connection
  }

  /** With `both`, pairs of requests share a place in the order, so that each kind gets all requests. */
  #requestFor(seq: number): PreparedRequest | undefined {
    const at = this.#connections === 'both' ? seq >>> 1 : seq
    return this.#requests[this.#order[at % this.#order.length] ?? 0]
  }
}

function describe(
  connection: Connection,
  end: {
    outcome: Exclude<Outcome, 'ok'>
    use: ConnectionUse
    endedAtUs: number
    detail: string | undefined
  },
): RequestFailure {
  const { parser, request, lastIdentity } = connection
  return {
    seq: connection.seq,
    method: request?.method ?? '',
    ...(request?.tag !== undefined && { tag: request.tag }),
    dueAtUs: connection.dueAtUs,
    sentAtUs: connection.sentAtUs,
    ...(connection.bytesReceived > 0 && { firstByteAtUs: connection.firstByteAtUs }),
    endedAtUs: end.endedAtUs,
    outcome: end.outcome,
    ...(parser.status > 0 && { status: parser.status }),
    connection: end.use,
    servedBefore: connection.served,
    connectionAgeUs: connection.sentAtUs - connection.openedAtUs,
    ...(connection.localPort !== undefined && { localPort: connection.localPort }),
    bytesReceived: connection.bytesReceived,
    ...(parser.identity !== undefined && { answeredBy: parser.identity }),
    ...(lastIdentity !== undefined && { answeredBefore: lastIdentity }),
    ...(end.detail !== undefined && { detail: end.detail }),
  }
}
