import type { EndListener, Engine } from '../engine.ts'
import type { LoadPlan } from '../load-plan.ts'
import { PooledEngine } from '../pooled/pooled-engine.ts'
import { Http2Connection, type StreamLimit } from './http2-connection.ts'

/** At most so many requests at once on a connection; what servers commonly allow, and Go's first guess. */
const MAX_STREAMS = 100

/**
 * HTTP/2 over Node's own http2: `h2` where the address has TLS, prior knowledge (h2c) where it has not. Not over
 * undici, which sends a request again after GOAWAY and REFUSED_STREAM (docs/decisions/0007).
 */
export function createHttp2Engine(
  plan: LoadPlan,
  nowUs: () => number,
  listener: EndListener,
): Engine {
  const limit: StreamLimit = { ceiling: MAX_STREAMS, lastSeen: MAX_STREAMS }
  return new PooledEngine(plan, nowUs, listener, (options) => new Http2Connection(options, limit))
}
