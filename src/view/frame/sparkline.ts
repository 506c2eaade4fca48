import { US_PER_SECOND } from '../../base/units.ts'
import type { Slot } from '../state/second.ts'
import type { ViewState } from '../view-state.ts'
import type { TimeWindow } from './time-window.ts'

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const SLOT_US = US_PER_SECOND / 10

/**
 * A value for each column whose time is over, per second. A column longer than a second shows the highest
 * of its seconds, a shorter one what it had itself, so that no spike is averaged away.
 */
export function columnValues(
  state: ViewState,
  window: TimeWindow,
  of: (slot: Slot) => number,
): number[] {
  const seenUntilUs = state.gauges.atUs + SLOT_US
  const whole = Math.floor((seenUntilUs - window.fromUs) / window.columnUs)
  const length = Math.max(0, Math.min(whole, window.columns))
  return Array.from({ length }, (_, column) => {
    const fromUs = window.fromUs + column * window.columnUs
    return window.columnUs >= US_PER_SECOND
      ? highestSecond(state, fromUs, window.columnUs, of)
      : ratePerSecond(state, fromUs, window.columnUs, of)
  })
}

function highestSecond(
  { seconds }: ViewState,
  fromUs: number,
  lengthUs: number,
  of: (slot: Slot) => number,
): number {
  const first = Math.floor(fromUs / US_PER_SECOND)
  const after = Math.ceil((fromUs + lengthUs) / US_PER_SECOND)
  return Math.max(
    0,
    ...seconds
      .slice(first, after)
      .map(({ slots }) => slots.reduce((sum, slot) => sum + of(slot), 0)),
  )
}

function ratePerSecond(
  { seconds }: ViewState,
  fromUs: number,
  lengthUs: number,
  of: (slot: Slot) => number,
): number {
  let sum = 0
  const first = Math.round(fromUs / SLOT_US)
  for (let at = first; at < first + Math.round(lengthUs / SLOT_US); at++) {
    const slot = seconds[Math.floor(at / 10)]?.slots[at % 10]
    if (slot) sum += of(slot)
  }
  return (sum * US_PER_SECOND) / lengthUs
}

/** Values as bars of one line; the highest is full, everything above 0 is seen, 0 is a dot. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values, 0)
  return values
    .map((value) => {
      if (value <= 0) return '·'
      return BARS[Math.min(7, Math.ceil((value / highest) * 8) - 1)] ?? '▁'
    })
    .join('')
}
