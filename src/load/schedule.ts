import type { SchedulePart } from '../scenario/scenario.ts'
import { US_PER_SECOND } from '../base/units.ts'

/** Which request is due when; pure, and exact to the request (load-generators 3.1). */
export interface Schedule {
  /** Requests planned in all. */
  readonly count: number
  readonly durationUs: number
  /** When request `seq` (from 0) is due, in whole µs since the schedule's start; Infinity past the end. */
  dueAtUs(seq: number): number
  /** How many requests are due at or before an instant. */
  dueCount(elapsedUs: number): number
}

interface PlacedPart {
  readonly part: SchedulePart
  readonly startUs: number
  readonly firstSeq: number
  readonly count: number
}

/**
 * The schedule of some parts, one after another. In a `const` part request *i* is due at i/rate, and there are
 * ⌊rate·time⌋; in a `line` part request *n* is due at the positive root of slope/2·t² + from·t = n, and there
 * are ⌊(from+to)/2·time⌋. The requests of a `once` are due at its beginning.
 */
export function schedule(parts: readonly SchedulePart[]): Schedule {
  const placed: PlacedPart[] = []
  let startUs = 0
  let firstSeq = 0
  for (const part of parts) {
    const count = partCount(part)
    placed.push({ part, startUs, firstSeq, count })
    startUs += part.durationUs
    firstSeq += count
  }
  const total = firstSeq
  const durationUs = startUs

  // The pacer asks in rising order, so the part of the last answer is nearly always the right one.
  let cursor = 0
  const partOf = (seq: number): PlacedPart | undefined => {
    while (cursor > 0 && seq < (placed[cursor]?.firstSeq ?? 0)) cursor--
    for (;;) {
      const here = placed[cursor]
      if (!here || seq < here.firstSeq + here.count) return here
      if (cursor === placed.length - 1) return undefined
      cursor++
    }
  }
  const dueAtUs = (seq: number): number => {
    if (seq >= total) return Infinity
    const here = partOf(seq)
    if (!here) return Infinity
    return here.startUs + Math.floor(dueInPartUs(here.part, seq - here.firstSeq))
  }

  return {
    count: total,
    durationUs,
    dueAtUs,
    dueCount(elapsedUs) {
      let low = 0
      let high = total
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        if (dueAtUs(middle) <= elapsedUs) low = middle + 1
        else high = middle
      }
      return low
    },
  }
}

/** Rates have at most six decimals, so that a million times a rate is a whole number and the count can be exact. */
const MILLIONTHS = 1_000_000

function partCount(part: SchedulePart): number {
  if (part.word === 'once') return part.requests
  const twiceMeanRate =
    part.word === 'const' ? 2 * part.ratePerSecond : part.fromPerSecond + part.toPerSecond
  const millionths = BigInt(Math.round(twiceMeanRate * MILLIONTHS))
  return Number(
    (millionths * BigInt(Math.round(part.durationUs))) / BigInt(2 * MILLIONTHS * US_PER_SECOND),
  )
}

function dueInPartUs(part: SchedulePart, index: number): number {
  if (part.word === 'once') return 0
  if (part.word === 'const') return (index / part.ratePerSecond) * US_PER_SECOND
  const { fromPerSecond: from, toPerSecond: to } = part
  const seconds = part.durationUs / US_PER_SECOND
  const slope = (to - from) / seconds
  if (slope === 0) return (index / from) * US_PER_SECOND
  // 2n / (from + √(from² + 2·slope·n)): the root in the form that does not cancel when the slope is small.
  const discriminant = Math.max(0, from * from + 2 * slope * index)
  const root = index === 0 ? 0 : (2 * index) / (from + Math.sqrt(discriminant))
  return Math.min(root, seconds) * US_PER_SECOND
}
