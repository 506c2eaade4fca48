import type { EndListener, Engine } from '../engine.ts'
import type { LoadPlan } from '../load-plan.ts'
import { RawEngine } from '../raw/raw-engine.ts'
import type { RequestSource } from '../request-source.ts'
import { threadHealth } from '../thread-health.ts'
import { ClosedLoop } from './closed-loop.ts'
import { FrameCollector } from './frame-collector.ts'
import { LoadLoop, type LoadReceiver } from './load-loop.ts'
import { OpenLoop } from './open-loop.ts'
import { requestLines } from './request-lines.ts'

const ONLY_THREAD = { index: 0, count: 1 }

export interface DriveOptions {
  readonly plan: LoadPlan
  readonly source: RequestSource
  readonly nowUs: () => number
  readonly receiver: LoadReceiver
  /** Aborting it stops the load early: what is due any more is not sent. */
  readonly signal: AbortSignal
  /** Aborting it lets the load end well at the instant that is its reason, µs since the run began. */
  readonly finish: AbortSignal
}

/** Runs a thread's share of a plan on the calling thread; every request ends in one outcome, told to the receiver. */
export async function driveLoad(options: DriveOptions): Promise<void> {
  const { plan, source, nowUs, receiver, signal, finish } = options
  const share = plan.thread ?? ONLY_THREAD
  const collector = new FrameCollector(plan.loadStartsAtUs, plan.maxListedFailures, share.index)
  const log = requestLines(plan)
  const engine = await createEngine(plan, nowUs, (exchange, outcome, detail) => {
    collector.ended(exchange, outcome, detail)
    log?.add(exchange, outcome)
    // While the engine closes, nothing more is to be sent.
    if (!loop.isFinished && !signal.aborted) sender.ended(exchange, outcome)
  })
  const Loop = plan.load.users ? ClosedLoop : OpenLoop
  const sender = new Loop(plan, share, source, engine, collector)
  const finishAt = () => sender.finishAt(Math.max(finish.reason as number, nowUs()))
  if (finish.aborted) finishAt()
  else finish.addEventListener('abort', finishAt, { once: true })
  const health = threadHealth()
  const loop = new LoadLoop({
    plan,
    engine,
    sender,
    collector,
    health,
    log,
    nowUs,
    receiver,
    signal,
  })
  loop.tick()
}

/** Only raw is loaded without being asked for. */
async function createEngine(
  plan: LoadPlan,
  nowUs: () => number,
  onEnded: EndListener,
): Promise<Engine> {
  if (plan.load.http === '2') {
    const { createHttp2Engine } = await import('../http2/http2-engine.ts')
    return createHttp2Engine(plan, nowUs, onEnded)
  }
  if (plan.load.engine !== 'undici') return new RawEngine(plan, nowUs, onEnded)
  const { createUndiciEngine } = await import('../undici/undici-engine.ts')
  return createUndiciEngine(plan, nowUs, onEnded)
}
