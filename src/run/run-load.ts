import type { RunClock } from '../base/clock.ts'
import type { EndEntry, Entry } from '../recording/entry.ts'
import { hideInScenario } from '../recording/hide-secrets.ts'
import { addressText } from './address-text.ts'
import { conductLoad, type LoadConduct } from './conduct-load.ts'
import { endReason } from './end-reason.ts'
import { plannedLoad } from './planned-load.ts'
import type { PreparedLoad } from './prepare-load.ts'

export interface LoadRunOptions {
  readonly prepared: PreparedLoad
  readonly clock: RunClock
  readonly append: (entry: Entry) => void
  /** Ends the load early; its reason is the signal's name. */
  readonly stop: AbortSignal
  readonly onStopProgress?: LoadConduct['onStopProgress']
  readonly requestLog?: LoadConduct['requestLog']
}

/** Runs load alone, without a cluster, and records it. The entry `end` is the last. */
export async function runLoad(options: LoadRunOptions): Promise<EndEntry> {
  const { prepared, clock, append, stop, onStopProgress, requestLog } = options
  const { scenario, address } = prepared
  append({
    kind: 'plan',
    atUs: 0,
    scenario: hideInScenario(scenario),
    address: addressText(address),
    ...plannedLoad(scenario.load),
  })
  append({ kind: 'phase', atUs: clock.nowUs(), phase: 'steady' })
  const { stopped } = await conductLoad({
    scenario,
    address,
    clock,
    append,
    signal: stop,
    ...(onStopProgress && { onStopProgress }),
    ...(requestLog && { requestLog }),
  })
  const end: EndEntry = {
    kind: 'end',
    atUs: clock.nowUs(),
    notRestored: [],
    ...endReason(stop, stopped),
  }
  append(end)
  return end
}
