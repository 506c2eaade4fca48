import { outcomeText } from '../../../analysis/failure-windows.ts'
import { isFailed } from '../../../analysis/analysis.ts'
import { mergeSparse, type SparseHistogram, sparseQuantile } from '../../../base/histogram.ts'
import { US_PER_SECOND } from '../../../base/units.ts'
import type { EndedCounts, FrameEntry, HostEntry, Outcome } from '../../../recording/entry.ts'
import { histogramsOf } from '../../../recording/histograms-of.ts'
import type { Recording } from '../../../recording/recording.ts'
import type { Series } from './timeline.ts'

const BIN_LENGTHS_US = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900].map((s) => s * US_PER_SECOND)
/** With fewer requests in a bin its rate and its quantiles say little. */
const REQUESTS_PER_BIN = 5

/** The figures of a run over time, in at most so many bins. */
export function seriesOf(recording: Recording, maxBins: number): Series {
  const binUs = binLengthUs(recording, maxBins)
  const bins = Math.max(1, Math.ceil(recording.lastAtUs / binUs))
  const at = (us: number) => Math.min(bins - 1, Math.max(0, Math.floor(us / binUs)))
  const byBin = groupFrames(recording.frames, bins, at)
  const sum = (of: (frame: FrameEntry) => number) =>
    byBin.map((frames) => frames.reduce((total, frame) => total + of(frame), 0))
  const responseTimes = byBin.map((frames) =>
    mergeSparse(
      histogramsOf(frames, ({ ended }) => [ended.new.responseTime, ended.reused.responseTime]),
    ),
  )
  const quantile = (histograms: readonly SparseHistogram[], share: number) =>
    histograms.map((histogram) => rounded(sparseQuantile(histogram, share)))
  return {
    binUs,
    planned: sum((frame) => frame.due),
    sent: sum((frame) => frame.sent),
    ok: sum((frame) => endedOf(frame).reduce((ok, ended) => ok + (ended.outcomes['ok'] ?? 0), 0)),
    failures: failureSeries(recording, bins, at),
    p50Us: quantile(responseTimes, 0.5),
    p95Us: quantile(responseTimes, 0.95),
    p99Us: quantile(responseTimes, 0.99),
    maxUs: quantile(responseTimes, 1),
    sendLagP99Us: quantile(
      byBin.map((frames) => mergeSparse(histogramsOf(frames, ({ sendLag }) => [sendLag]))),
      0.99,
    ),
    loopDelayUs: byBin.map((frames) => Math.max(0, ...frames.map((frame) => frame.loopDelayUs))),
    ...shareSeries(recording, bins, at),
  }
}

/** A sample stands for the time since the one before, at most for so long. */
const SAMPLE_US = 2 * US_PER_SECOND

/** The highest share of each bin. */
function shareSeries(
  { host }: Recording,
  bins: number,
  at: (us: number) => number,
): Pick<Series, 'busyShare' | 'stealShare'> {
  const series = (of: (sample: HostEntry) => number | undefined) => {
    const values: (number | null)[] = Array.from({ length: bins }, () => null)
    let beforeUs = 0
    for (const sample of host) {
      const share = of(sample)
      const fromUs = Math.max(beforeUs, sample.atUs - SAMPLE_US)
      beforeUs = sample.atUs
      if (share === undefined) continue
      for (let bin = at(fromUs); bin <= at(sample.atUs); bin++) {
        values[bin] = Math.round(Math.max(values[bin] ?? 0, share) * 1_000) / 1_000
      }
    }
    return values.some((value) => value !== null) ? values : undefined
  }
  const busyShare = series((sample) => sample.busyShare)
  const stealShare = series((sample) => sample.stealShare)
  return { ...(busyShare && { busyShare }), ...(stealShare && { stealShare }) }
}

const rounded = (us: number | undefined) => (us === undefined ? null : Math.round(us))

const endedOf = ({ ended }: FrameEntry): readonly EndedCounts[] => [ended.new, ended.reused]

function binLengthUs({ lastAtUs, plan }: Recording, maxBins: number): number {
  const wantedUs = Math.max(
    lastAtUs / maxBins,
    plan.plannedRequests === undefined || plan.plannedRequests === 0
      ? 0
      : (plan.plannedDurationUs * REQUESTS_PER_BIN) / plan.plannedRequests,
  )
  const longestUs = Math.max(lastAtUs / 20, BIN_LENGTHS_US[0] ?? 0)
  const lengthUs = BIN_LENGTHS_US.find(
    (binUs) => binUs >= lastAtUs / maxBins && binUs >= Math.min(wantedUs, longestUs),
  )
  return lengthUs ?? Math.ceil(lastAtUs / maxBins)
}

function groupFrames(
  frames: readonly FrameEntry[],
  bins: number,
  at: (us: number) => number,
): readonly (readonly FrameEntry[])[] {
  const byBin: FrameEntry[][] = Array.from({ length: bins }, () => [])
  for (const frame of frames) byBin[at(frame.atUs)]?.push(frame)
  return byBin
}

/** Listed failures where their requests were due, those that were only counted where they ended. */
function failureSeries(
  { frames, failures, harness }: Recording,
  bins: number,
  at: (us: number) => number,
): Series['failures'] {
  const byName = new Map<string, number[]>()
  const add = (name: string, us: number, count: number) => {
    const counts = byName.get(name) ?? Array.from({ length: bins }, () => 0)
    counts[at(us)] = (counts[at(us)] ?? 0) + count
    byName.set(name, counts)
  }
  const listed = failures.filter((failure) => isFailed(failure.outcome))
  for (const failure of listed) add(outcomeText(failure), failure.dueAtUs, 1)
  const isComplete = !harness.some((entry) => entry.type === 'failures-not-listed')
  if (!isComplete) addUnlisted(frames, listed, add)
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
  return [...byName]
    .map(([name, counts]) => ({ name, counts }))
    .sort((left, right) => total(right.counts) - total(left.counts))
}

/** Failures are listed in order of their ends until the cap, so what a class has beyond its listed ones comes last. */
function addUnlisted(
  frames: readonly FrameEntry[],
  listed: Recording['failures'],
  add: (name: string, us: number, count: number) => void,
): void {
  const left = new Map<string, number>()
  for (const { outcome } of listed) left.set(outcome, (left.get(outcome) ?? 0) + 1)
  for (const frame of frames) {
    for (const [outcome, count] of endedOf(frame).flatMap((ended) =>
      Object.entries(ended.outcomes),
    )) {
      if (!isFailed(outcome as Outcome)) continue
      const isListed = Math.min(count, left.get(outcome) ?? 0)
      left.set(outcome, (left.get(outcome) ?? 0) - isListed)
      if (count > isListed) add(`${outcome} (not listed)`, frame.atUs, count - isListed)
    }
  }
}
