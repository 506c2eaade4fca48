import { parseDurationUs } from '../base/units.ts'
import type { StepAction } from './scenario.ts'

/** How long `wait: settled`, `ready` and `steady for …` wait at most. */
const WAIT_UNTIL_TIMEOUT_US = 300_000_000

const EXPECTED =
  'must be a duration such as 10s, or settled, or ready, or steady for 10s, or steady for 10s within 2m'

type Wait = Extract<StepAction, { type: 'wait' | 'wait-until' | 'wait-steady' }>

/** Reads what a `wait:` waits for, or gives a sentence that says what is wrong with it. */
export function readWait(text: string): Wait | string {
  if (text === 'settled' || text === 'ready')
    return { type: 'wait-until', state: text, timeoutUs: WAIT_UNTIL_TIMEOUT_US }
  const [, steadyFor, within] = /^steady for (\S+)(?: within (\S+))?$/.exec(text) ?? []
  const durationUs = parseDurationUs(steadyFor ?? text) ?? 0
  if (durationUs <= 0) return EXPECTED
  if (steadyFor === undefined) return { type: 'wait', durationUs }
  const timeoutUs =
    within === undefined ? Math.max(WAIT_UNTIL_TIMEOUT_US, durationUs) : parseDurationUs(within)
  if (timeoutUs === undefined) return EXPECTED
  if (timeoutUs < durationUs)
    return `cannot be steady for ${steadyFor} within ${within ?? ''}; the second time must not be shorter`
  return { type: 'wait-steady', durationUs, timeoutUs }
}
