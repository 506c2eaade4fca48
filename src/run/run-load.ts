import type { RunClock } from '../base/clock.ts'
import type { EndEntry, Entry } from '../recording/entry.ts'
import { hideInScenario } from '../recording/hide-secrets.ts'
import { addressText } from './address-text.ts'
import { conductLoad, type LoadConduct, type ConductedLoad } from './conduct-load.ts'
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
  const conducted = await conductLoad({
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
    ...reasonOf(stop, conducted),
  }
  append(end)
  return end
}

function reasonOf(
  stop: AbortSignal,
  { stopped }: ConductedLoad,
): Pick<EndEntry, 'reason' | 'signal' | 'detail'> {
  if (stopped) return { reason: 'stopped', detail: stopped.seen }
  return stop.aborted
    ? { reason: 'interrupted', signal: String(stop.reason) }
    : { reason: 'finished' }
}
