import type { Problem } from '../base/problem.ts'
import { type Result, succeed } from '../base/result.ts'
import type { EndEntry, Entry, MetaEntry } from '../recording/entry.ts'
import { writeRecording } from '../recording/write-recording.ts'
import type { RunView } from '../view/run-view.ts'
import type { StopControl } from './stop-control.ts'

/** How a recorded run ended. */
export interface RecordedRun {
  readonly end: EndEntry
  /** The disk refused; the recording ends there and the run was stopped for it. */
  readonly diskProblem?: Problem
}

/** What a run that is being recorded tells of itself. */
export interface RunTelling {
  readonly append: (entry: Entry) => void
  readonly onStopProgress: NonNullable<RunView['stopProgress']>
  readonly tick: (nowUs: number) => void
  /** The disk refused something that belongs to the run. */
  readonly diskFailed: (problem: Problem) => void
}

/** Records a run into its directory, which must not have one yet, and shows it as it goes. */
export async function recordRun(options: {
  readonly directory: string
  readonly meta: MetaEntry
  readonly stopping: StopControl
  readonly openView: (stop: () => void) => Promise<RunView>
  readonly conduct: (tell: RunTelling) => Promise<Result<EndEntry, Problem>>
}): Promise<Result<RecordedRun, Problem>> {
  const { directory, meta, stopping } = options
  let diskProblem: Problem | undefined
  const diskFailed = (problem: Problem) => {
    diskProblem ??= problem
    stopping.stop.abort('disk')
  }
  const writer = writeRecording(directory, diskFailed)
  if (!writer.ok) return writer
  const view = await options.openView(() => stopping.stop.abort('x'))
  const append = (entry: Entry) => {
    writer.value.append(entry)
    view.entry(entry)
  }
  try {
    append(meta)
    const ended = await options.conduct({
      append,
      onStopProgress: (progress) => view.stopProgress?.(progress),
      tick: (nowUs) => view.tick?.(nowUs),
      diskFailed,
    })
    writer.value.close()
    return ended.ok ? succeed({ end: ended.value, ...(diskProblem && { diskProblem }) }) : ended
  } finally {
    writer.value.close()
    await view.close()
  }
}
