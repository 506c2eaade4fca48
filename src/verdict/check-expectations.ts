import { mergeSparse, sparseQuantile } from '../base/histogram.ts'
import { humanCount, humanShare, humanUs } from '../base/units.ts'
import { isFailed } from '../analysis/analysis.ts'
import type { Expectation, FailureEntry, FrameEntry } from '../recording/entry.ts'
import type { Recording } from '../recording/recording.ts'
import type { ExpectationResult } from './verdict.ts'

interface Span {
  readonly fromUs: number
  readonly toUs: number
}

/** Holds each expectation against a recording. What has no samples is never met. */
export const checkExpectations = (recording: Recording): ExpectationResult[] =>
  recording.plan.scenario.expectations.map((expectation) => checkOne(expectation, recording))

function checkOne(expectation: Expectation, recording: Recording): ExpectationResult {
  const observed = observe(expectation, recording)
  if (!observed) return { text: expectation.text, state: 'no-samples', observed: 'no samples' }
  const isMet = compare(observed.value, expectation.operator, expectation.limit)
  return { text: expectation.text, state: isMet ? 'met' : 'not-met', observed: observed.text }
}

interface Observed {
  readonly value: number
  readonly text: string
}

function observe(expectation: Expectation, recording: Recording): Observed | undefined {
  const span = spanOf(expectation, recording)
  if (!span) return undefined
  const frames = recording.frames.filter(
    (frame) => frame.atUs >= span.fromUs && frame.atUs < span.toUs,
  )
  if (frames.length === 0) return undefined
  const { metric } = expectation
  if (metric.name === 'responseTime') return observeQuantile(frames, metric.quantile, expectation)
  const failures = recording.failures.filter(
    (failure) =>
      isFailed(failure.outcome) &&
      failure.dueAtUs >= span.fromUs &&
      failure.dueAtUs < span.toUs &&
      matches(failure, expectation.filter),
  )
  return metric.name === 'recovery'
    ? observeRecovery(recording, failures)
    : observeFailed(recording, expectation, failures, frames)
}

function observeFailed(
  recording: Recording,
  expectation: Expectation,
  failures: readonly FailureEntry[],
  frames: readonly FrameEntry[],
): Observed | undefined {
  const due = frames.reduce((sum, frame) => sum + frame.due, 0)
  if (due === 0) return undefined
  // Failures that were only counted cannot be filtered; counting them all never makes a run look better.
  const unlisted = recording.harness.flatMap((entry) => Object.values(entry.counts ?? {}))
  const failed = failures.length + unlisted.reduce((sum, count) => sum + count, 0)
  return expectation.unit === 'share'
    ? { value: failed / due, text: humanShare(failed, due) }
    : { value: failed, text: humanCount(failed) }
}

function observeQuantile(
  frames: readonly FrameEntry[],
  quantile: number,
  { filter }: Expectation,
): Observed | undefined {
  const uses =
    filter.connection === undefined
      ? (['new', 'reused'] as const)
      : [filter.connection as 'new' | 'reused']
  const merged = mergeSparse(
    frames.flatMap(({ ended }) => uses.map((use) => ended[use].responseTime)),
  )
  const value = sparseQuantile(merged, quantile)
  return value === undefined ? undefined : { value, text: humanUs(value) }
}

/** The longest time from a disruptive step to the last failure before the next one. */
function observeRecovery(
  recording: Recording,
  failures: readonly FailureEntry[],
): Observed | undefined {
  const starts = recording.steps
    .filter((step) => step.disruptive && step.state === 'started')
    .map((step) => step.atUs)
  if (starts.length === 0) return undefined
  const times = starts.map((atUs, at) => {
    const untilUs = starts[at + 1] ?? Infinity
    const after = failures.filter((failure) => failure.dueAtUs >= atUs && failure.dueAtUs < untilUs)
    return Math.max(0, ...after.map((failure) => failure.dueAtUs - atUs))
  })
  const longest = Math.max(...times)
  return { value: longest, text: humanUs(longest) }
}

function spanOf({ scope }: Expectation, recording: Recording): Span | undefined {
  if (!scope) return { fromUs: 0, toUs: Infinity }
  if (scope.when === 'after') {
    const step = recording.steps.find(
      (candidate) => candidate.state === 'started' && candidate.label.startsWith(scope.name),
    )
    return step && { fromUs: step.atUs, toUs: Infinity }
  }
  const at = recording.phases.findIndex((entry) => entry.phase === scope.name)
  const phase = recording.phases[at]
  return phase && { fromUs: phase.atUs, toUs: recording.phases[at + 1]?.atUs ?? Infinity }
}

function matches(failure: FailureEntry, filter: Expectation['filter']): boolean {
  return (
    (filter.class === undefined || matchesClass(failure, filter.class)) &&
    (filter.tag === undefined || failure.tag === filter.tag) &&
    (filter.connection === undefined || failure.connection === filter.connection)
  )
}

/** A class, or a status, `*` at the end standing for anything: `reset*`, `502`, `5*`. */
function matchesClass(failure: FailureEntry, pattern: string): boolean {
  const names = [failure.outcome, String(failure.status ?? '')]
  return pattern.endsWith('*')
    ? names.some((name) => name.startsWith(pattern.slice(0, -1)))
    : names.includes(pattern)
}

function compare(value: number, operator: Expectation['operator'], limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    case '==':
      return value === limit
  }
}
