import type { Exchange } from '../engine.ts'
import type { LoadPlan } from '../load-plan.ts'
import type { Outcome } from '../request-failure.ts'
import { requestLine } from '../request-log.ts'

/** The request log of a thread, collected into one text a frame. */
export interface RequestLog {
  add(exchange: Exchange, outcome: Outcome): void
  /** The lines since the last call. */
  take(): string
}

/** Undefined when the plan wants none. */
export function requestLines({
  requestLog: format,
  runStartedAtUs,
}: LoadPlan): RequestLog | undefined {
  if (format === undefined) return undefined
  let lines = ''
  return {
    add(exchange, outcome) {
      lines += requestLine(format, exchange, outcome, runStartedAtUs)
    },
    take() {
      const taken = lines
      lines = ''
      return taken
    },
  }
}
