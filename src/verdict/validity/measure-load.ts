import {
  bucketValue,
  mergeSparse,
  sparseCount,
  type SparseHistogram,
  sparseQuantile,
} from '../../base/histogram.ts'
import { type FrameEntry } from '../../recording/entry.ts'
import { histogramsOf } from '../../recording/histograms-of.ts'
import type { Recording } from '../../recording/recording.ts'

/** The 99th percentile of a histogram over all frames; undefined without samples. */
export const p99Of = (
  frames: readonly FrameEntry[],
  of: (frame: FrameEntry) => Iterable<SparseHistogram>,
): number | undefined => sparseQuantile(mergeSparse(histogramsOf(frames, of)), 0.99)

export const p99OfResponseTime = (frames: readonly FrameEntry[]): number | undefined =>
  p99Of(frames, ({ ended }) => [ended.new.responseTime, ended.reused.responseTime])

/** The 99th percentile of the wait for a connection over all that were sent, most of which did not wait. */
export function p99OfPoolWait(frames: readonly FrameEntry[], sent: number): number {
  const waits = mergeSparse(histogramsOf(frames, ({ poolWait }) => (poolWait ? [poolWait] : [])))
  const waited = sparseCount(waits)
  const rank = Math.ceil(sent * 0.99) - (sent - waited)
  return rank <= 0 ? 0 : (sparseQuantile(waits, rank / waited) ?? 0)
}

/** Little's law wants so many answers before it is held against anything. */
const ENOUGH_ANSWERS = 100

/**
 * How far the mean number in flight is from rate × mean service time, as a share: L = λW (Little, 1961), both sides
 * times the duration. Undefined when there is too little, or when some failures were only counted.
 */
export function littlesError({ frames, failures, harness }: Recording): number | undefined {
  const service = mergeSparse(
    histogramsOf(frames, ({ ended }) => [ended.new.serviceTime, ended.reused.serviceTime]),
  )
  const hasAll = frames.every(({ inFlightUs }) => inFlightUs !== undefined)
  if (!hasAll || sparseCount(service) < ENOUGH_ANSWERS) return undefined
  if (harness.some(({ type }) => type === 'failures-not-listed')) return undefined
  const inFlightUs = frames.reduce((sum, frame) => sum + (frame.inFlightUs ?? 0), 0)
  const unanswered = failures.filter(({ outcome }) => !outcome.startsWith('bad-'))
  const servedUs = unanswered.reduce(
    (sum, { sentAtUs, endedAtUs }) => sum + endedAtUs - sentAtUs,
    sumOf(service),
  )
  return servedUs === 0 ? undefined : Math.abs(inFlightUs / servedUs - 1)
}

function sumOf(sparse: SparseHistogram): number {
  let sum = 0
  for (let at = 0; at + 1 < sparse.length; at += 2) {
    sum += bucketValue(sparse[at] ?? 0) * (sparse[at + 1] ?? 0)
  }
  return sum
}
