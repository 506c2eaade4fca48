import { FrameCollector } from './frame-collector.ts'
import type { LoadFrame } from './load-frame.ts'
import type { LoadPlan } from './load-plan.ts'
import { RawEngine } from './raw-engine.ts'
import type { RequestFailure } from './request-failure.ts'
import { schedule } from './schedule.ts'

/** What a generator thread tells. */
export interface LoadReceiver {
  frame(frame: LoadFrame, failures: readonly RequestFailure[]): void
  /** All is over; `unlisted` are the failures that were only counted. */
  ended(unlisted: Readonly<Record<string, number>>): void
}

/** How long requests in flight may still take when the load is stopped early. */
const STOP_GRACE_US = 1_000_000

/**
 * How long requests are sent before answers are read again. Without a limit, a thread that is behind sees no
 * connection come free and opens one for every request that is due, which puts it further behind.
 */
const BURST_US = 1_000

/**
 * Runs the open loop on the calling thread: on a 1 ms timer sends all that is due by the absolute plan,
 * whatever the server does. Gives a function that stops it early.
 */
export function paceLoad(plan: LoadPlan, nowUs: () => number, receiver: LoadReceiver): () => void {
  const due = schedule(plan.load.schedule)
  const startUs = plan.loadStartsAtUs
  const collector = new FrameCollector(startUs, plan.maxListedFailures)
  const engine = new RawEngine(plan, collector, nowUs)
  let nextSeq = 0
  let stopAtUs = Infinity
  let dueInFrames = 0
  let lastTickUs = nowUs()

  const emitFrame = () => {
    const dueByEnd = Math.min(
      due.dueCount(collector.frameEndUs - 1 - startUs),
      isStopped() ? nextSeq : Infinity,
    )
    const frame = collector.takeFrame({
      due: Math.max(0, dueByEnd - dueInFrames),
      inFlight: engine.inFlight,
      connections: engine.connections,
    })
    dueInFrames = Math.max(dueInFrames, dueByEnd)
    receiver.frame(frame, collector.takeFailures())
  }
  const isStopped = () => stopAtUs !== Infinity

  const tick = () => {
    const tickUs = nowUs()
    if (tickUs > startUs) collector.loopDelay(Math.max(0, tickUs - lastTickUs - 1_000))
    lastTickUs = tickUs
    while (tickUs >= collector.frameEndUs) emitFrame()
    if (!isStopped()) nextSeq = sendDue(engine, due, { nextSeq, startUs, nowUs })
    engine.tick(nowUs())
    const isOver =
      (nextSeq >= due.count && tickUs - startUs >= due.durationUs && engine.inFlight === 0) ||
      (isStopped() && (engine.inFlight === 0 || tickUs >= stopAtUs))
    if (isOver) finish()
    else if (!isStopped() && startUs + due.dueAtUs(nextSeq) <= nowUs()) setImmediate(tick)
    else setTimeout(tick, 1)
  }

  const finish = () => {
    engine.close()
    if (nextSeq < due.count) collector.notSent('stopped', due.count - nextSeq)
    do emitFrame()
    while (nowUs() >= collector.frameEndUs)
    receiver.ended(collector.unlisted)
  }

  tick()
  return () => {
    stopAtUs = Math.min(stopAtUs, nowUs() + STOP_GRACE_US)
  }
}

/** Sends what is due, for at most {@link BURST_US}; gives the number of the next request. */
function sendDue(
  engine: RawEngine,
  due: ReturnType<typeof schedule>,
  at: { nextSeq: number; startUs: number; nowUs: () => number },
): number {
  let seq = at.nextSeq
  const untilUs = at.nowUs() + BURST_US
  for (;;) {
    const dueAtUs = at.startUs + due.dueAtUs(seq)
    const nowUs = at.nowUs()
    if (dueAtUs > nowUs || nowUs > untilUs) return seq
    engine.send(seq, dueAtUs)
    seq++
  }
}
