import type { Analysis, CauseFound } from '../analysis/analysis.ts'
import { failureKinds } from '../analysis/failure-kinds.ts'
import type { Recording } from '../recording/recording.ts'
import type { Verdict } from '../verdict/verdict.ts'
import { exitCodeOf } from '../verdict/exit-code.ts'
import { allEnded, endedSummary, ratesOf, tagSummaries } from './load-summary.ts'
import { RESULT_VERSION, type RunResult } from './result.ts'

/** Puts recording, analysis and verdict together into the result; nothing else goes into it. */
export function buildResult(recording: Recording, analysis: Analysis, verdict: Verdict): RunResult {
  const { meta, plan, end } = recording
  const { ledger } = verdict
  const { responseTime, serviceTime, statuses, bytesIn } = endedSummary(allEnded(recording))
  const byTag = tagSummaries(recording)
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
    statuses,
    rate: ratesOf(recording),
    bytesIn,
    failures: failureKinds(recording).map((kind) => ({
      ...kind,
      connections: { ...kind.connections },
      details: [...kind.details],
    })),
    ...(byTag && { byTag }),
    ...stopOf(recording),
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

function stopOf({ stop }: Recording): Pick<RunResult, 'stop'> {
  if (!stop) return {}
  const { atUs, criterion, criterionKind, tankExitCode, firstBadAtUs, ratePerSecond, seen } = stop
  return {
    stop: { atUs, criterion, kind: criterionKind, tankExitCode, firstBadAtUs, ratePerSecond, seen },
  }
}
