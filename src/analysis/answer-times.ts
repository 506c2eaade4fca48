import { mergeSparse, sparseQuantile } from '../base/histogram.ts'
import type { FrameEntry } from '../recording/entry.ts'
import { histogramsOf } from '../recording/histograms-of.ts'
import type { Recording } from '../recording/recording.ts'

/** Short, so that one lies before a deletion in the first second of a run. */
const SPAN_US = 200_000

/** How long the fastest quarter of the answers that came within one fifth of a second took. */
export interface AnswerTimes {
  readonly fromUs: number
  readonly toUs: number
  readonly quartileUs: number
}

/** The answer times of each fifth of a second of a run in which an answer came, in order. */
export function answerTimes({ frames }: Recording): AnswerTimes[] {
  const bySpan = new Map<number, FrameEntry[]>()
  for (const frame of frames) {
    const number = Math.floor(frame.atUs / SPAN_US)
    const group = bySpan.get(number)
    if (group) group.push(frame)
    else bySpan.set(number, [frame])
  }
  return [...bySpan].flatMap(([number, group]) => {
    const quartileUs = sparseQuantile(
      mergeSparse(
        histogramsOf(group, ({ ended }) => [ended.new.serviceTime, ended.reused.serviceTime]),
      ),
      0.25,
    )
    return quartileUs === undefined
      ? []
      : [{ fromUs: number * SPAN_US, toUs: (number + 1) * SPAN_US, quartileUs }]
  })
}

/**
 * Whether those that were answered in a span were answered about as fast as before an instant, so that a request that
 * waited through the span did not wait for want of pods. When nothing is known of the time before, a tenth
 * of the span is fast enough. False when nothing was answered in the span.
 */
export function wasAnsweredAsBefore(
  times: readonly AnswerTimes[],
  before: number,
  span: { readonly fromUs: number; readonly toUs: number },
): boolean {
  const usual = median(times.filter(({ toUs }) => toUs <= before)) ?? 0
  const then = median(times.filter(({ fromUs, toUs }) => toUs > span.fromUs && fromUs < span.toUs))
  return then !== undefined && then <= Math.max(2 * usual, (span.toUs - span.fromUs) / 10)
}

function median(times: readonly AnswerTimes[]): number | undefined {
  const sorted = times.map(({ quartileUs }) => quartileUs).sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)]
}
