import { US_PER_SECOND } from '../../base/units.ts'
import type { SchedulePart } from '../../scenario/scenario.ts'

const SAMPLES = 500

/**
 * The most requests that fall due within any span of so many µs: the area below the planned rate, tried at every
 * part's edges and at 500 instants between.
 */
export function mostDue(parts: readonly SchedulePart[], spanUs: number): number {
  const edges = [0]
  for (const { durationUs } of parts) edges.push((edges.at(-1) ?? 0) + durationUs)
  const endUs = edges.at(-1) ?? 0
  const evenly = Array.from({ length: SAMPLES }, (_, at) => (endUs * at) / SAMPLES)
  // A `once` is due at its part's edge, so the span just before it must be tried too.
  const starts = [...edges.flatMap((edge) => [edge, edge - 1, edge - spanUs]), ...evenly]
  const most = (startUs: number) =>
    areaUntil(parts, startUs + spanUs) - areaUntil(parts, Math.max(-1, startUs))
  return starts.reduce((highest, startUs) => Math.max(highest, most(startUs)), 0)
}

/** Requests due from the schedule's start until an instant, as a real number. */
function areaUntil(parts: readonly SchedulePart[], untilUs: number): number {
  let area = 0
  let leftUs = untilUs
  for (const part of parts) {
    if (leftUs < 0) break
    area += areaOf(part, Math.min(leftUs, part.durationUs))
    leftUs -= part.durationUs
  }
  return area
}

function areaOf(part: SchedulePart, elapsedUs: number): number {
  if (part.word === 'once') return part.requests
  const seconds = elapsedUs / US_PER_SECOND
  if (part.word === 'const') return part.ratePerSecond * seconds
  const slope = ((part.toPerSecond - part.fromPerSecond) * US_PER_SECOND) / part.durationUs
  return part.fromPerSecond * seconds + (slope * seconds * seconds) / 2
}
