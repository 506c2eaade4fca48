import type { SparseHistogram } from '../base/histogram.ts'
import type { FrameEntry } from './entry.ts'

/** Histograms of many frames one after another, so that never more than a few of them are unpacked at a time. */
export function* histogramsOf(
  frames: Iterable<FrameEntry>,
  of: (frame: FrameEntry) => Iterable<SparseHistogram>,
): Generator<SparseHistogram> {
  for (const frame of frames) yield* of(frame)
}
