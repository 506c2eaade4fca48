import {
  mergeSparse,
  type SparseHistogram,
  sparseCount,
  sparseQuantile,
} from '../base/histogram.ts'
import type { Analysis, CauseFound } from '../analysis/analysis.ts'
import type { Recording } from '../recording/recording.ts'
import type { Verdict } from '../verdict/verdict.ts'
import { exitCodeOf } from '../verdict/exit-code.ts'
import { RESULT_VERSION, type RunResult } from './result.ts'

/** Puts recording, analysis and verdict together into the result; nothing else goes into it. */
export function buildResult(recording: Recording, analysis: Analysis, verdict: Verdict): RunResult {
  const { meta, plan, end } = recording
  const { ledger } = verdict
  const responseTime = quantilesOf(recording, 'responseTime')
  const serviceTime = quantilesOf(recording, 'serviceTime')
  return {
    version: RESULT_VERSION,
    podtank: meta.podtankVersion,
    runId: meta.runId,
    scenario: plan.scenario.name,
    startedAt: meta.startedAt,
    durationUs: recording.lastAtUs,
    cluster: meta.environment.cluster,
    verdict: {
      outcome: verdict.outcome,
      sentence: verdict.sentence,
      exitCode: exitCodeOf(verdict.outcome, end),
    },
    ledger: {
      planned: ledger.planned,
      sent: ledger.sent,
      notSent: ledger.notSent,
      outcomes: ledger.outcomes,
      balances: ledger.balances,
    },
    statuses: statusCounts(recording),
    ...(responseTime && { responseTime }),
    ...(serviceTime && { serviceTime }),
    expectations: [...verdict.expectations],
    validity: [...verdict.validity],
    causes: analysis.causes.map(causeOf),
    windows: analysis.windows.map((window) => ({
      ...window,
      causes: [...window.causes],
      pods: [...window.pods],
    })),
    drain: analysis.drain,
    ...(analysis.advice && { advice: analysis.advice }),
    notRestored: [...(end?.notRestored ?? [])],
  }
}

const causeOf = (cause: CauseFound) => ({
  ...cause,
  evidence: [...cause.evidence],
  pods: [...cause.pods],
})

function statusCounts({ frames }: Recording): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { ended } of frames) {
    for (const statuses of [ended.new.statuses, ended.reused.statuses]) {
      for (const [status, count] of Object.entries(statuses))
        counts[status] = (counts[status] ?? 0) + count
    }
  }
  return counts
}

function quantilesOf(
  { frames }: Recording,
  time: 'responseTime' | 'serviceTime',
): RunResult['responseTime'] | undefined {
  const merged: SparseHistogram = mergeSparse(
    frames.flatMap(({ ended }) => [ended.new[time], ended.reused[time]]),
  )
  const count = sparseCount(merged)
  if (count === 0) return undefined
  const at = (quantile: number) => sparseQuantile(merged, quantile) ?? 0
  return {
    count,
    p50Us: at(0.5),
    p90Us: at(0.9),
    p95Us: at(0.95),
    p99Us: at(0.99),
    p999Us: at(0.999),
    maxUs: at(1),
  }
}
