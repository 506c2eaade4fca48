import type { Entry } from '../recording/entry.ts'
import type { StopProgress } from './view-state.ts'

/** Something that shows a run as it goes: a second reader of the recording. */
export interface RunView {
  entry(entry: Entry): void
  /** Shows how near the stop criteria are; not recorded, for it follows from the frames. */
  stopProgress?(progress: readonly StopProgress[]): void
  /** It is so late by the run's clock; for a run in which nothing may happen for long. */
  tick?(nowUs: number): void
  /** Shows what is still held back and gives the terminal back as it was. */
  close(): Promise<void>
}

/** What the keys of a view can ask for. */
export interface ViewCommands {
  /** Stop the load, put everything back, and report. */
  stop(): void
}
