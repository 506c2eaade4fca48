import { mergeSparse, sparseQuantile } from '../base/histogram.ts'
import { humanCount, humanShare, humanUs, US_PER_SECOND } from '../base/units.ts'
import { isFailed } from '../analysis/analysis.ts'
import type {
  EndedCounts,
  Expectation,
  FailureEntry,
  FrameEntry,
  Metric,
} from '../recording/entry.ts'
import { histogramsOf } from '../recording/histograms-of.ts'
import type { Recording } from '../recording/recording.ts'
import { total } from './keep-ledger.ts'
import type { ExpectationResult } from './verdict.ts'

/** Length of the time a frame covers. */
const FRAME_US = 100_000

/** Outcomes of requests that got a whole answer. */
const ANSWERS = ['ok', 'bad-status', 'bad-header', 'bad-body']

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
  if (metric.name === 'rate') return observeRate(frames, recording, expectation)
  if (metric.name === 'responseTime' || metric.name === 'serviceTime') {
    return observeQuantile(frames, metric, expectation)
  }
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
  const asked = askedOf(frames, expectation.filter)
  if (asked === 0) return undefined
  // Failures that were only counted cannot be filtered; counting them all never makes a run look better.
  const unlisted = recording.harness.flatMap((entry) => Object.values(entry.counts ?? {}))
  const failed = failures.length + unlisted.reduce((sum, count) => sum + count, 0)
  return expectation.unit === 'share'
    ? { value: failed / asked, text: humanShare(failed, asked) }
    : { value: failed, text: humanCount(failed) }
}

/** How many requests an expectation about failures speaks of: those with its tag, else all that were due. */
function askedOf(frames: readonly FrameEntry[], filter: Expectation['filter']): number {
  return filter.tag === undefined || frames.every((frame) => frame.byTag === undefined)
    ? frames.reduce((sum, frame) => sum + frame.due, 0)
    : frames
        .flatMap((frame) => endedOf(frame, filter))
        .reduce((sum, ended) => sum + total(ended.outcomes), 0)
}

function observeQuantile(
  frames: readonly FrameEntry[],
  metric: Extract<Metric, { readonly quantile: number }>,
  { filter }: Expectation,
): Observed | undefined {
  const merged = mergeSparse(
    histogramsOf(frames, (frame) => endedOf(frame, filter).map((ended) => ended[metric.name])),
  )
  const value = sparseQuantile(merged, metric.quantile)
  return value === undefined ? undefined : { value, text: humanUs(value) }
}

/** Whole answers, good or bad, in each second of the load; answers that came after its end are counted in. */
function observeRate(
  frames: readonly FrameEntry[],
  { plan }: Recording,
  { filter }: Expectation,
): Observed | undefined {
  const firstUs = frames.reduce((first, { atUs }) => Math.min(first, atUs), Infinity)
  const lastUs = frames.reduce((last, { atUs }) => Math.max(last, atUs), 0)
  const seconds = Math.min(lastUs - firstUs + FRAME_US, plan.plannedDurationUs) / US_PER_SECOND
  const ended = frames.flatMap((frame) => endedOf(frame, filter))
  if (seconds === 0 || ended.length === 0) return undefined
  const answered = ended.reduce(
    (sum, { outcomes }) =>
      sum + ANSWERS.reduce((answers, outcome) => answers + (outcomes[outcome] ?? 0), 0),
    0,
  )
  const rate = answered / seconds
  return { value: rate, text: `${Number(rate.toPrecision(4))}/s` }
}

/** What ended in a frame, as far as it matches the tag or the connection that is asked for. */
function endedOf(frame: FrameEntry, filter: Expectation['filter']): readonly EndedCounts[] {
  const { tag, connection } = filter
  return tag === undefined
    ? (['new', 'reused'] as const)
        .filter((use) => connection === undefined || matchesPattern(use, connection))
        .map((use) => frame.ended[use])
    : Object.entries(frame.byTag ?? {})
        .filter(([name]) => matchesPattern(name, tag))
        .map(([, ended]) => ended)
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
    (filter.tag === undefined || matchesPattern(failure.tag ?? '', filter.tag)) &&
    (filter.connection === undefined || matchesPattern(failure.connection, filter.connection))
  )
}

/** A class, or a status: `reset*`, `502`, `5*`. */
const matchesClass = ({ outcome, status }: FailureEntry, pattern: string): boolean =>
  [outcome, String(status ?? '')].some((name) => matchesPattern(name, pattern))

/** `*` at the end stands for anything. */
const matchesPattern = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern

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
