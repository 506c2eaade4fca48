import { roundSteps } from './viewport.ts'

/** One value a bin; null where there is none. */
export type Lengthwise = readonly (number | null)[]

/** How values become heights: `share` is 0 at the bottom and 1 at the top. */
export interface ValueScale {
  readonly isLogarithmic: boolean
  readonly low: number
  readonly high: number
  readonly ticks: readonly { readonly value: number; readonly text: string }[]
  share(value: number): number
}

/** Above this many times the usual value a straight scale would flatten everything but the peak. */
const STRAIGHT_UP_TO = 12

/** A scale from 0 to `highest`; logarithmic when `usual` values are given that lie far below it. */
export function scaleOf(
  highest: number,
  text: (value: number) => string,
  usual: readonly number[] = [],
): ValueScale {
  const sorted = usual.filter((value) => value > 0).toSorted((left, right) => left - right)
  const median = sorted[Math.floor(sorted.length / 2)]
  return median !== undefined && highest > STRAIGHT_UP_TO * median
    ? logarithmic(sorted[0] ?? median, highest, text)
    : straight(highest, text)
}

function straight(highest: number, text: (value: number) => string): ValueScale {
  const high = highest * 1.08
  return {
    isLogarithmic: false,
    low: 0,
    high,
    ticks: roundSteps(0, high, 4).map((value) => ({ value, text: text(value) })),
    share: (value) => value / high,
  }
}

function logarithmic(lowest: number, highest: number, text: (value: number) => string): ValueScale {
  const low = 10 ** Math.floor(Math.log10(lowest))
  const high = highest * 1.2
  const decades = Math.ceil(Math.log10(high / low))
  const ticks = Array.from({ length: decades + 1 }, (_, at) => low * 10 ** at)
  return {
    isLogarithmic: true,
    low,
    high,
    ticks: ticks.filter((value) => value <= high).map((value) => ({ value, text: text(value) })),
    share: (value) => Math.log(Math.max(value, low) / low) / Math.log(high / low),
  }
}
