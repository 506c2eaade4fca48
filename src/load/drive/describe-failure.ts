import type { Exchange } from '../engine.ts'
import type { Outcome, RequestFailure } from '../request-failure.ts'

/** What the recording keeps of a request that did not end well. */
export function describeFailure(
  exchange: Exchange,
  outcome: Exclude<Outcome, 'ok'>,
  detail: string | undefined,
): RequestFailure {
  const { request, status, localPort, bytesReceived, answeredBy, answeredBefore } = exchange
  return {
    seq: exchange.seq,
    method: request?.method ?? '',
    ...(request?.tag !== undefined && { tag: request.tag }),
    dueAtUs: exchange.dueAtUs,
    sentAtUs: exchange.sentAtUs,
    ...(bytesReceived > 0 && { firstByteAtUs: exchange.firstByteAtUs }),
    endedAtUs: exchange.endedAtUs,
    outcome,
    ...(status > 0 && { status }),
    connection: exchange.use,
    servedBefore: exchange.servedBefore,
    connectionAgeUs: exchange.connectionAgeUs,
    ...(localPort !== undefined && { localPort }),
    bytesReceived,
    ...(answeredBy !== undefined && { answeredBy }),
    ...(answeredBefore !== undefined && { answeredBefore }),
    ...(detail !== undefined && { detail }),
  }
}
