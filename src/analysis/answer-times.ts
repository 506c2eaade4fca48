import { mergeSparse, sparseQuantile } from '../base/histogram.ts'
import type { FrameEntry } from '../recording/entry.ts'
import { histogramsOf } from '../recording/histograms-of.ts'
import type { Recording } from '../recording/recording.ts'

const SPAN_US = 1_000_000

/** How long the fastest quarter of the answers of one second took, of those that came in it. */
export interface AnswerTimes {
  readonly fromUs: number
  readonly toUs: number
  readonly quartileUs: number
}

/** The answer times of each second of a run in which an answer came, in order. */
export function answerTimes({ frames }: Recording): AnswerTimes[] {
  const bySecond = new Map<number, FrameEntry[]>()
  for (const frame of frames) {
    const second = Math.floor(frame.atUs / SPAN_US)
    const group = bySecond.get(second)
    if (group) group.push(frame)
    else bySecond.set(second, [frame])
  }
  return [...bySecond].flatMap(([second, group]) => {
    const quartileUs = sparseQuantile(
      mergeSparse(
        histogramsOf(group, ({ ended }) => [ended.new.serviceTime, ended.reused.serviceTime]),
      ),
      0.25,
    )
    return quartileUs === undefined
      ? []
      : [{ fromUs: second * SPAN_US, toUs: (second + 1) * SPAN_US, quartileUs }]
  })
}

/**
 * Whether those that were answered in a span were answered about as fast as before an instant, so that a request that
 * waited through the span did not wait for want of pods. False when nothing is known.
 */
export function wasAnsweredAsBefore(
  times: readonly AnswerTimes[],
  before: number,
  span: { readonly fromUs: number; readonly toUs: number },
): boolean {
  const usual = median(times.filter(({ toUs }) => toUs <= before))
  const then = median(times.filter(({ fromUs, toUs }) => toUs > span.fromUs && fromUs < span.toUs))
  if (usual === undefined || then === undefined) return false
  return then <= Math.max(2 * usual, (span.toUs - span.fromUs) / 10)
}

function median(times: readonly AnswerTimes[]): number | undefined {
  const sorted = times.map(({ quartileUs }) => quartileUs).sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)]
}
