import { sanitize } from '../../base/sanitize.ts'
import type { StepEntry } from '../../recording/entry.ts'
import type { ViewState } from '../view-state.ts'

/** The state after a step has begun, gone on, or ended. */
export function foldStep(state: ViewState, entry: StepEntry): ViewState {
  const steps = state.steps.slice()
  const before = steps[entry.index]
  const startedUs = entry.state === 'started' ? entry.atUs : before?.startedUs
  const isEnd = entry.state === 'done' || entry.state === 'failed' || entry.state === 'skipped'
  const endedUs = before?.endedUs ?? (isEnd ? entry.atUs : undefined)
  const detail = entry.detail === undefined ? before?.detail : sanitize(entry.detail)
  steps[entry.index] = {
    label: sanitize(entry.label, 80),
    state: entry.state,
    disruptive: entry.disruptive,
    ...(startedUs !== undefined && { startedUs }),
    ...(endedUs !== undefined && { endedUs }),
    ...(detail !== undefined && { detail }),
  }
  return { ...state, steps }
}
