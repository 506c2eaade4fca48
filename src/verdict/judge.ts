import { humanAt, humanCount, humanShare, humanUs, plural } from '../base/units.ts'
import type { Analysis } from '../analysis/analysis.ts'
import { failureKinds } from '../analysis/failure-kinds.ts'
import { isLoadAlone, type Recording } from '../recording/recording.ts'
import { checkExpectations } from './check-expectations.ts'
import { checkValidity } from './check-validity.ts'
import { failedIn, keepLedger } from './keep-ledger.ts'
import type { ExpectationResult, Ledger, ValidityCheck, Verdict } from './verdict.ts'

/** Judges a run; pure. */
export function judge(recording: Recording, analysis: Analysis): Verdict {
  const ledger = keepLedger(recording)
  const validity = checkValidity(recording, ledger, analysis.windows)
  const expectations = checkExpectations(recording)
  const doubts = doubtsOf(ledger, validity)
  const outcome = outcomeOf(recording, doubts, expectations)
  return {
    outcome,
    sentence: sentenceOf(recording, analysis, { outcome, ledger, doubts, expectations }),
    expectations,
    ledger,
    validity,
  }
}

/** Why the figures are not to be relied on; empty when they are. */
function doubtsOf(ledger: Ledger, validity: readonly ValidityCheck[]): string[] {
  const refused = validity.filter((check) => check.state === 'refuse')
  return [
    ...(ledger.imbalance === undefined ? [] : [`the books do not balance (${ledger.imbalance})`]),
    ...refused.map((check) => `${check.name} ${check.observed}, allowed ${check.threshold}`),
  ]
}

function outcomeOf(
  { end }: Recording,
  doubts: readonly string[],
  expectations: readonly ExpectationResult[],
): Verdict['outcome'] {
  if (end && end.reason !== 'finished') return 'aborted'
  if (doubts.length > 0) return 'inconclusive'
  return expectations.every((expectation) => expectation.state === 'met') ? 'passed' : 'failed'
}

interface Findings {
  readonly outcome: Verdict['outcome']
  readonly ledger: Ledger
  readonly doubts: readonly string[]
  readonly expectations: readonly ExpectationResult[]
}

function sentenceOf(recording: Recording, analysis: Analysis, findings: Findings): string {
  const { outcome, doubts } = findings
  const failures = failureClause(recording, analysis, findings.ledger)
  if (outcome === 'aborted') return `${abortClause(recording)} ${failures}`
  if (outcome === 'inconclusive')
    return `The figures prove nothing: ${doubts.join('; ')}. ${failures}`
  const broken = findings.expectations.filter((expectation) => expectation.state !== 'met')
  if (broken.length === 0) return failures
  return `${failures} Expected: ${broken.map((one) => `${one.text} (seen: ${one.observed})`).join('; ')}.`
}

function abortClause({ end, stop, frames }: Recording): string {
  if (end?.reason !== 'stopped' || !stop) {
    const { reason = 'aborted', detail } = end ?? {}
    if (detail === undefined) return `The run was ${reason}.`
    return `${reason === 'step-failed' ? 'A step failed' : 'The run could not go on'}: ${detail}.`
  }
  return `Stopped after ${humanUs(stop.atUs - (frames[0]?.atUs ?? 0))} by ${stop.criterion}: ${stop.seen}, at ${plural(stop.ratePerSecond, 'request')}/s.`
}

/** A title within a sentence: lower case, but for a name such as PID 1. */
const inSentence = (title: string): string =>
  /^[A-Z][a-z]|^A /.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title

function failureClause(recording: Recording, analysis: Analysis, ledger: Ledger): string {
  const failed = failedIn(ledger.outcomes)
  if (ledger.sent === 0) return 'No request was sent.'
  if (failed === 0) {
    // Rule of three: with none of n failed, the true share is below 3/n with 95 % confidence.
    return `None of ${plural(ledger.sent, 'request')} failed, which leaves up to ${humanShare(3, ledger.sent)} unseen at 95 % confidence.`
  }
  const share = `${humanCount(failed)} of ${plural(ledger.sent, 'request')} failed (${humanShare(failed, ledger.sent)})`
  if (isLoadAlone(recording)) return `${share}: ${kindsClause(recording)}.`
  const windows = plural(analysis.windows.length, 'window')
  const why = analysis.causes
    .slice(0, 2)
    .map(
      (cause, at) =>
        `${humanCount(cause.failed)}${at === 0 ? ' of them' : ''}: ${inSentence(cause.title)}`,
    )
    .join('; ')
  return `${share} in ${windows}. ${why}.`
}

const NAMED_KINDS = 3

/** Without a cluster there is no cause to name: what failed, and since when. */
function kindsClause(recording: Recording): string {
  const kinds = failureKinds(recording)
  const named = kinds.slice(0, NAMED_KINDS).map(({ name, count }) => `${humanCount(count)} ${name}`)
  const more = kinds.length > NAMED_KINDS ? [`${kinds.length - NAMED_KINDS} more kinds`] : []
  const firstUs = Math.min(...kinds.map(({ firstDueUs = Infinity }) => firstDueUs))
  const since = Number.isFinite(firstUs) ? `; the first was due at ${humanAt(firstUs)} s` : ''
  return `${[...named, ...more].join(', ')}${since}`
}
