import { type Histogram, histogram } from '../base/histogram.ts'
import { US_PER_SECOND } from '../base/units.ts'
import type { EndedCounts } from '../recording/entry.ts'
import type { Recording } from '../recording/recording.ts'
import type { RunResult } from './result.ts'

type Quantiles = NonNullable<RunResult['responseTime']>

/** What requests that ended come to. */
export interface EndedSummary {
  readonly ended: number
  readonly outcomes: Record<string, number>
  readonly statuses: Record<string, number>
  readonly bytesIn: number
  readonly responseTime?: Quantiles
  readonly serviceTime?: Quantiles
}

/** Adds up what ended; histograms are unpacked one at a time. */
export function endedSummary(parts: Iterable<EndedCounts>): EndedSummary {
  const outcomes: Record<string, number> = {}
  const statuses: Record<string, number> = {}
  const responseTimes = histogram()
  const serviceTimes = histogram()
  let bytesIn = 0
  for (const part of parts) {
    addCounts(outcomes, part.outcomes)
    addCounts(statuses, part.statuses)
    bytesIn += part.bytesIn
    responseTimes.add(part.responseTime)
    serviceTimes.add(part.serviceTime)
  }
  const responseTime = quantilesOf(responseTimes)
  const serviceTime = quantilesOf(serviceTimes)
  return {
    ended: Object.values(outcomes).reduce((sum, count) => sum + count, 0),
    outcomes,
    statuses,
    bytesIn,
    ...(responseTime && { responseTime }),
    ...(serviceTime && { serviceTime }),
  }
}

/** Everything that ended in a run. */
export function* allEnded({ frames }: Recording): Generator<EndedCounts> {
  for (const { ended } of frames) {
    yield ended.new
    yield ended.reused
  }
}

/** What ended by tag, in the order of the names; undefined when no request has one. */
export function tagSummaries(recording: Recording): Record<string, EndedSummary> | undefined {
  const tags = new Set(recording.frames.flatMap(({ byTag }) => Object.keys(byTag ?? {})))
  if (tags.size === 0) return undefined
  return Object.fromEntries(
    [...tags].sort().map((tag) => [tag, endedSummary(endedWithTag(recording, tag))]),
  )
}

function* endedWithTag({ frames }: Recording, tag: string): Generator<EndedCounts> {
  for (const { byTag } of frames) {
    const ended = byTag && Object.hasOwn(byTag, tag) ? byTag[tag] : undefined
    if (ended) yield ended
  }
}

/** A whole answer came, good or bad. */
const ANSWERED = ['ok', 'bad-status', 'bad-header', 'bad-body']

/** Requests a second over the load's planned length, or over as much of it as there was. */
export function ratesOf({ frames, plan, end }: Recording): NonNullable<RunResult['rate']> {
  const firstUs = frames.reduce((first, { atUs }) => Math.min(first, atUs), Infinity)
  const lastUs = frames.reduce((last, { atUs }) => Math.max(last, atUs), 0) + FRAME_US
  const wholeUs = frames.length === 0 ? 0 : lastUs - firstUs
  const isWhole = end?.reason === 'finished' && plan.scenario.load.endsWithSteps !== true
  // Frames after a whole plan hold only answers that came late: they do not make the load longer.
  const lengthUs = isWhole ? plan.plannedDurationUs : Math.min(wholeUs, plan.plannedDurationUs)
  const perSecond = (count: number) =>
    lengthUs === 0 ? 0 : Number(((count * US_PER_SECOND) / lengthUs).toFixed(3))
  let due = 0
  let sent = 0
  let answered = 0
  for (const frame of frames) {
    due += frame.due
    sent += frame.sent
    for (const { outcomes } of [frame.ended.new, frame.ended.reused]) {
      for (const outcome of ANSWERED) answered += outcomes[outcome] ?? 0
    }
  }
  return { planned: perSecond(due), sent: perSecond(sent), answered: perSecond(answered) }
}

const FRAME_US = 100_000

function addCounts(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count
}

function quantilesOf(times: Histogram): Quantiles | undefined {
  if (times.count === 0) return undefined
  const at = (quantile: number) => times.quantile(quantile) ?? 0
  return {
    count: times.count,
    p50Us: at(0.5),
    p90Us: at(0.9),
    p95Us: at(0.95),
    p99Us: at(0.99),
    p999Us: at(0.999),
    p9999Us: at(0.9999),
    maxUs: at(1),
  }
}
