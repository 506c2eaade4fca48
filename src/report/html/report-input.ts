import type { Analysis } from '../../analysis/analysis.ts'
import type { Recording } from '../../recording/recording.ts'
import type { Verdict } from '../../verdict/verdict.ts'
import type { RunResult } from '../result.ts'

/** Everything a report is made of. */
export interface ReportInput {
  readonly recording: Recording
  readonly analysis: Analysis
  readonly verdict: Verdict
  readonly result: RunResult
}
