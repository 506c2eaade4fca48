import type { Problem } from '../base/problem.ts'
import { type Result, succeed } from '../base/result.ts'
import type { StopFired } from '../load/stop/stop-fired.ts'
import type { EndEntry } from '../recording/entry.ts'

/** Why a run ended: by a bug, by a criterion, by a step, by a signal (the reason of `stop`), or as planned. */
export function endReason(
  stop: AbortSignal,
  stopped: StopFired | undefined,
  steps: Result<void, Problem> = succeed(undefined),
): Pick<EndEntry, 'reason' | 'signal' | 'detail'> {
  if (!steps.ok && steps.error.code === 'bug')
    return { reason: 'error', detail: steps.error.message }
  // A step that was waiting fails when the load is stopped: the stop is the reason.
  if (stopped) return { reason: 'stopped', detail: stopped.seen }
  if (!steps.ok) return { reason: 'step-failed', detail: steps.error.message }
  return stop.aborted
    ? { reason: 'interrupted', signal: String(stop.reason) }
    : { reason: 'finished' }
}
