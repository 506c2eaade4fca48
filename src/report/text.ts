import { humanAt, humanShare, humanUs, plural } from '../base/units.ts'
import { sanitize } from '../base/sanitize.ts'
import type { RunResult } from './result.ts'
import { expectationLines, ledgerLines, validityLines } from './text-blocks.ts'
import { renderLoadText } from './text-load.ts'

/** The summary that a terminal shows at the end of a run; at most `width` columns where it can be. */
export function renderText(result: RunResult): string {
  if (result.cluster === 'none') return renderLoadText(result)
  return [
    `${result.verdict.outcome.toUpperCase()}  ${result.scenario} on ${sanitize(result.cluster)}`,
    sanitize(result.verdict.sentence, 1_000),
    '',
    ...ledgerLines(result),
    ...timeLines(result),
    ...expectationLines(result),
    ...validityLines(result),
    ...causeLines(result),
    ...drainLines(result),
    ...result.notRestored.map((what) => `NOT PUT BACK: ${sanitize(what)}`),
  ].join('\n')
}

function timeLines({ responseTime, serviceTime }: RunResult): string[] {
  const line = (name: string, time: RunResult['responseTime']) =>
    time
      ? [
          `${name}  p50 ${humanUs(time.p50Us)}, p95 ${humanUs(time.p95Us)}, p99 ${humanUs(time.p99Us)}, max ${humanUs(time.maxUs)}`,
        ]
      : []
  return [...line('response ', responseTime), ...line('service  ', serviceTime)]
}

function causeLines({ causes, ledger }: RunResult): string[] {
  const failed = causes.reduce((sum, cause) => sum + cause.failed, 0)
  return causes.flatMap((cause) => [
    '',
    `${cause.cause}: ${plural(cause.failed, 'request')}, ${humanShare(cause.failed, Math.max(failed, 1))} of the failures, ${humanShare(cause.failed, Math.max(ledger.sent, 1))} of all; confidence ${cause.confidence}`,
    `  ${sanitize(cause.explanation, 1_000)}`,
    ...cause.evidence
      .slice(0, 3)
      .map(({ atUs, text }) => `  ${humanAt(atUs)} s  ${sanitize(text)}`),
    `  Fix: ${cause.fix.text}`,
  ])
}

function drainLines({ drain, advice }: RunResult): string[] {
  if (drain.pods === 0) return []
  const of = (name: string, spread: RunResult['drain']['new']) =>
    spread ? `${name} p50 ${humanUs(spread.p50Us)}, max ${humanUs(spread.maxUs)}` : undefined
  const parts = [
    of('new connections', drain.new),
    of('reused', drain.reused),
    of('gone after', drain.gone),
  ]
  return [
    '',
    `drain time of ${plural(drain.pods, 'pod')}: ${parts.filter((part) => part !== undefined).join('; ')}`,
    ...(advice
      ? [
          advice.text,
          '',
          ...advice.yaml
            .trimEnd()
            .split('\n')
            .map((line) => `  ${line}`),
        ]
      : []),
  ]
}
