import { join } from 'node:path'
import { runClock } from '../base/clock.ts'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { RequestLogFormat } from '../load/load-plan.ts'
import { readRecording } from '../recording/read-recording.ts'
import { writeRequestLog } from '../recording/write-request-log.ts'
import { type PreparedLoad, prepareLoad } from '../run/prepare-load.ts'
import { runLoad } from '../run/run-load.ts'
import type { RunView } from '../view/run-view.ts'
import type { ExecutedRun } from './execute-run.ts'
import type { Host } from './host.ts'
import type { LoadTask } from './load/scenario-of.ts'
import { metaEntry } from './meta-entry.ts'
import { type RecordedRun, recordRun } from './record-run.ts'
import { interruptedEarly, type StopControl, stopControl } from './stop-control.ts'
import { writeOutputs } from './write-outputs.ts'

export interface ExecuteLoadOptions {
  readonly host: Host
  readonly task: LoadTask
  /** False: start even when nothing can be connected to. */
  readonly probes: boolean
  /** The run's directory; must not have a recording yet. */
  readonly directory: string
  readonly requestLog?: RequestLogFormat
  /** Told before the first request. */
  readonly announce: (prepared: PreparedLoad) => void
  readonly openView: (stop: () => void) => Promise<RunView>
}

/** Runs load alone from beginning to end: address, recording, load, outputs. */
export async function executeLoad(
  options: ExecuteLoadOptions,
): Promise<Result<ExecutedRun, Problem>> {
  const stopping = stopControl(options.host)
  try {
    const prepared = await prepareLoad({
      ...options.task,
      probes: options.probes,
      signal: stopping.stop.signal,
    })
    if (stopping.stop.signal.aborted) return fail(interruptedEarly(stopping, 'sent'))
    if (!prepared.ok) return prepared
    options.announce(prepared.value)
    const recorded = await record(options, stopping, prepared.value)
    if (!recorded.ok) return recorded
    if (recorded.value.diskProblem) return fail(stopped(recorded.value.diskProblem))
    const recording = await readRecording(options.directory)
    if (!recording.ok) return recording
    const result = writeOutputs(recording.value, options.directory)
    return result.ok ? succeed({ result: result.value, directory: options.directory }) : result
  } finally {
    stopping.close()
  }
}

function record(
  { host, directory, openView, requestLog }: ExecuteLoadOptions,
  stopping: StopControl,
  prepared: PreparedLoad,
): Promise<Result<RecordedRun, Problem>> {
  const meta = metaEntry(host, { cluster: 'none', limits: [] })
  return recordRun({
    directory,
    meta,
    stopping,
    openView,
    async conduct({ append, onStopProgress, diskFailed }) {
      const path = join(directory, `requests.${requestLog ?? ''}`)
      const log = requestLog && writeRequestLog(path, diskFailed)
      if (log && !log.ok) return log
      const end = await runLoad({
        prepared,
        clock: runClock(meta.startedAtMonotonicUs),
        append,
        onStopProgress,
        stop: stopping.stop.signal,
        ...(requestLog &&
          log && {
            requestLog: { format: requestLog, append: (lines) => log.value.append(lines) },
          }),
      })
      log?.value.close()
      return succeed(end)
    },
  })
}

const stopped = (problem: Problem): Problem => ({
  ...problem,
  message: `${problem.message}; the load was stopped`,
})
