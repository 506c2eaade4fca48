import { setTimeout as sleep } from 'node:timers/promises'
import { vi } from 'vitest'
import { runClock } from '../../../src/base/clock.ts'
import type { EndListener, Engine, Exchange } from '../../../src/load/engine.ts'
import type { LoadAddress, LoadPlan } from '../../../src/load/load-plan.ts'
import {
  type PreparedRequest,
  prepareRequest,
  type ResponseCheck,
} from '../../../src/load/prepared-request.ts'
import type { Outcome } from '../../../src/load/request-failure.ts'
import type { LoadSpec, RequestSpec } from '../../../src/scenario/scenario.ts'

/** A request that has ended; what the exchange said at that moment. */
export interface Ended extends Omit<Exchange, 'request'> {
  readonly outcome: Outcome
  readonly detail: string | undefined
}

export interface DriveOptions extends Partial<Omit<LoadSpec, 'tls'>> {
  readonly port: number
  readonly host?: string
  readonly tls?: LoadAddress['tls']
}

type CreateEngine = (plan: LoadPlan, nowUs: () => number, listener: EndListener) => Engine

/** An engine driven by hand, in this thread; ticks once a millisecond. */
export interface EngineDrive extends Disposable {
  readonly engine: Engine
  readonly ended: readonly Ended[]
  /** Sends one and waits for nothing; gives its number. */
  send(request?: PreparedRequest, isNew?: boolean): number
  /** Sends one and waits for its end. */
  ask(request?: PreparedRequest, isNew?: boolean): Promise<Ended>
  /** Waits until so many have ended in all. */
  untilEnded(count: number): Promise<readonly Ended[]>
}

export function driveEngine(create: CreateEngine, options: DriveOptions): EngineDrive {
  const { nowUs } = runClock()
  const ended: Ended[] = []
  const engine = create(planOf(options), nowUs, (exchange, outcome, detail) => {
    ended.push({ ...snapshot(exchange), outcome, detail })
  })
  const ticking = setInterval(() => engine.tick(nowUs()), 1)
  let sent = 0
  const send = (request = get(), isNew = false) => {
    engine.send(request, sent, nowUs(), isNew)
    return sent++
  }
  const find = (seq: number) => ended.find((one) => one.seq === seq)
  return {
    engine,
    ended,
    send,
    async ask(request, isNew) {
      const seq = send(request, isNew)
      while (!find(seq)) await sleep(1)
      const one = find(seq)
      if (!one) throw new Error('it has ended')
      return one
    },
    untilEnded: (count) =>
      vi.waitFor(
        () => {
          if (ended.length < count) throw new Error(`${ended.length} of ${count} have ended`)
          return ended
        },
        { timeout: 20_000, interval: 2 },
      ),
    [Symbol.dispose]() {
      clearInterval(ticking)
      engine.close()
    },
  }
}

/** A request that is ready to be sent. */
export const prepared = (spec: Partial<RequestSpec> = {}, check?: ResponseCheck): PreparedRequest =>
  prepareRequest(
    { method: 'GET', path: '/', headers: {}, weight: 1, okStatuses: [], ...spec },
    'shop.test',
    {},
    check,
  )

export const get = (): PreparedRequest => prepared()
export const post = (): PreparedRequest => prepared({ method: 'POST', body: '{"sum":1}' })

function planOf({ port, host, tls, ...load }: DriveOptions): LoadPlan {
  return {
    load: {
      schedule: [],
      connections: 'reuse',
      timeoutUs: 10_000_000,
      maxConnections: 1_000,
      identityHeader: 'x-pod-name',
      requests: [],
      ...load,
    },
    address: {
      host: host ?? '127.0.0.1',
      port,
      hostHeader: 'shop.test',
      ...(tls && { tls }),
    },
    runStartedAtUs: 0,
    loadStartsAtUs: 0,
    maxListedFailures: 1_000,
  }
}

const snapshot = (exchange: Exchange): Omit<Exchange, 'request'> => ({
  seq: exchange.seq,
  dueAtUs: exchange.dueAtUs,
  sentAtUs: exchange.sentAtUs,
  firstByteAtUs: exchange.firstByteAtUs,
  endedAtUs: exchange.endedAtUs,
  status: exchange.status,
  bytesReceived: exchange.bytesReceived,
  use: exchange.use,
  isSingleUse: exchange.isSingleUse,
  servedBefore: exchange.servedBefore,
  connectionAgeUs: exchange.connectionAgeUs,
  connectUs: exchange.connectUs,
  localPort: exchange.localPort,
  answeredBy: exchange.answeredBy,
  answeredBefore: exchange.answeredBefore,
})
