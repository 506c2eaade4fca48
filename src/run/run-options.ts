import type { RunClock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import type { SessionOptions } from '../cluster/restore/open-session.ts'
import type { Entry } from '../recording/entry.ts'
import type { LoadConduct } from './conduct-load.ts'
import type { PreparedRun } from './prepare-run.ts'

/** What a run of a scenario is made with. */
export interface RunOptions {
  readonly prepared: PreparedRun
  readonly clock: RunClock
  readonly random: Random
  readonly append: (entry: Entry) => void
  /** Of this run, in the cluster too: on its lock, and on everything that it changes. */
  readonly runId: string
  /** Present: a guardian process puts back when this one dies. Absent on the embedded lab, which dies with the run. */
  readonly guardian?: SessionOptions['guardian']
  /** Of the commands that the steps run; absent: this process's own environment. */
  readonly commandEnv?: Readonly<Record<string, string>>
  readonly onStopProgress?: LoadConduct['onStopProgress']
  /** Aborts load and steps; what was changed is put back all the same. */
  readonly stop: AbortSignal
  /** Aborts the waiting for the restored state too. */
  readonly hurry: AbortSignal
  /** Ends the run at once; what is not put back is left to the guardian, and to `podtank restore`. */
  readonly abandon?: AbortSignal
  /** The cluster is thrown away after the run: nothing is put back. */
  readonly isThrownAway?: boolean
}
