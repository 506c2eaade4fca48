import { availableParallelism } from 'node:os'
import type { RunClock } from '../base/clock.ts'
import { generateLoad, type LoadEnd } from '../load/generate-load.ts'
import { LOAD_LEAD_US, type LoadAddress, type RequestLogFormat } from '../load/load-plan.ts'
import type { StopFired } from '../load/stop/stop-fired.ts'
import { type CriterionProgress, stopWatch } from '../load/stop/stop-watch.ts'
import { watchHost } from '../load/watch-host.ts'
import type { Entry } from '../recording/entry.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { threadCount } from './thread-count.ts'

export interface LoadConduct {
  readonly scenario: Scenario
  readonly address: LoadAddress
  readonly clock: RunClock
  readonly append: (entry: Entry) => void
  /** Ends the load early. */
  readonly signal: AbortSignal
  /** Lets the load end well at the instant that is its reason, µs since the run began. */
  readonly finish?: AbortSignal
  /** Told how near each stop criterion is, up to ten times a second. */
  readonly onStopProgress?: (progress: readonly CriterionProgress[]) => void
  /** Takes a line for each request. */
  readonly requestLog?: { readonly format: RequestLogFormat; append(lines: string): void }
}

/** How the load ended; both absent: as planned, or by the signal. */
export interface ConductedLoad {
  /** The criterion that ended it. */
  readonly stopped?: StopFired
}

const MAX_LISTED_FAILURES = 10_000

/**
 * Sends the load of a scenario from now on and records all of it: frames, failures, the health of this machine, the
 * stop criterion that held. Resolves when every planned request has its outcome.
 */
export async function conductLoad(conduct: LoadConduct): Promise<ConductedLoad> {
  const { scenario, address, clock, append, requestLog } = conduct
  const { load, stopCriteria = [] } = scenario
  const threads = threadCount(load, availableParallelism())
  const criterion = new AbortController()
  let stopped: StopFired | undefined
  const watch = stopWatch(stopCriteria, { load, threads })
  const holds = (fired: StopFired | undefined) => {
    if (!fired || stopped) return
    stopped = fired
    append({ kind: 'stop', ...fired })
    criterion.abort('stop')
  }
  const host = watchHost({
    nowUs: clock.nowUs,
    target: address,
    onSample(health) {
      append({ kind: 'host', ...health })
      holds(watch.host(health))
    },
  })
  const end = await generateLoad(
    {
      load,
      address,
      runStartedAtUs: clock.startedAtUs,
      loadStartsAtUs: clock.nowUs() + LOAD_LEAD_US,
      maxListedFailures: MAX_LISTED_FAILURES,
      ...(requestLog && { requestLog: requestLog.format }),
    },
    threads,
    {
      frame(frame) {
        append({ kind: 'frame', ...frame })
        holds(watch.frame(frame))
        if (stopCriteria.length > 0) conduct.onStopProgress?.(watch.progress())
      },
      failure: (failure) => append({ kind: 'failure', ...failure }),
      ...(requestLog && { lines: (text: string) => requestLog.append(text) }),
    },
    AbortSignal.any([conduct.signal, criterion.signal]),
    conduct.finish,
  )
  host.close()
  tellEnd(conduct, end)
  return { ...(stopped && { stopped }) }
}

function tellEnd(
  { append, clock }: LoadConduct,
  { unlisted, skipped, problem, lost }: LoadEnd,
): void {
  const warn = (message: string) =>
    append({ kind: 'harness', atUs: clock.nowUs(), type: 'warning', message })
  if (skipped !== undefined)
    warn(`${skipped} entries of the ammo were no request, and were left out`)
  if (problem !== undefined) warn(problem)
  const count = Object.values(unlisted).reduce((sum, failures) => sum + failures, 0)
  if (count > 0) {
    append({
      kind: 'harness',
      atUs: clock.nowUs(),
      type: 'failures-not-listed',
      message: `${count} failures beyond the first ${MAX_LISTED_FAILURES} of a thread are only counted`,
      counts: unlisted,
    })
  }
  append(
    lost === undefined
      ? { kind: 'harness', atUs: clock.nowUs(), type: 'load-ended', message: 'the load has ended' }
      : { kind: 'harness', atUs: clock.nowUs(), type: 'load-thread-lost', message: lost },
  )
}
