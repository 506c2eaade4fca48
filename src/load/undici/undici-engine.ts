import type { EndListener, Engine } from '../engine.ts'
import type { LoadPlan } from '../load-plan.ts'
import { PooledEngine } from '../pooled/pooled-engine.ts'
import { UndiciConnection } from './undici-connection.ts'

/**
 * HTTP/1.1 as undici speaks it: the cross-check of the raw engine, by another parser. One client a connection; HTTP/2
 * is not among what it does (docs/decisions/0007).
 */
export const createUndiciEngine = (
  plan: LoadPlan,
  nowUs: () => number,
  listener: EndListener,
): Engine => new PooledEngine(plan, nowUs, listener, (options) => new UndiciConnection(options))
