import { US_PER_SECOND } from '../../base/units.ts'
import type { ViewState } from '../view-state.ts'
import { type Line, left, piece } from './line.ts'

/** How long one column can be. */
export const SCALES_US: readonly number[] = [
  0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 15, 30, 60, 120, 300,
].map((seconds) => seconds * US_PER_SECOND)

/** Which time the columns of charts and lanes stand for. */
export interface TimeWindow {
  /** A multiple of `columnUs`. */
  readonly fromUs: number
  readonly columnUs: number
  readonly columns: number
}

/** The scale at which the whole run fits; the one after the last when none does. */
export function fittingScale(state: ViewState, columns: number): number {
  const { plannedDurationUs, endsWithSteps, isPodsOnly, nowUs } = state
  const lengthUs = Math.max(endsWithSteps || isPodsOnly ? 0 : plannedDurationUs, nowUs)
  const index = SCALES_US.findIndex((scaleUs) => scaleUs * columns >= lengthUs)
  return index < 0 ? SCALES_US.length - 1 : index
}

/** The columns' time at a scale: the whole run from its beginning, or the latest that has room. */
export function timeWindow(state: ViewState, columns: number, scaleIndex: number): TimeWindow {
  const columnUs = SCALES_US[scaleIndex] ?? US_PER_SECOND
  const used = Math.floor(state.nowUs / columnUs) + 1
  return { columnUs, columns, fromUs: Math.max(0, used - columns) * columnUs }
}

/** Columns of a window that have been reached. */
export const reachedColumns = ({ fromUs, columnUs, columns }: TimeWindow, nowUs: number): number =>
  Math.max(0, Math.min(columns, Math.floor((nowUs - fromUs) / columnUs) + 1))

/** Where an instant lies; outside of the window for instants that are. */
export const columnOf = ({ fromUs, columnUs }: TimeWindow, atUs: number): number =>
  Math.floor((atUs - fromUs) / columnUs)

const LABEL_EVERY = 10

/** The names of every tenth column's instant. */
export function axisLine({ fromUs, columnUs, columns }: TimeWindow): Line {
  const first = Math.floor(fromUs / columnUs)
  const offset = (LABEL_EVERY - (first % LABEL_EVERY)) % LABEL_EVERY
  let text = ' '.repeat(Math.min(offset, columns))
  for (let column = offset; column < columns; column += LABEL_EVERY) {
    const seconds = ((first + column) * columnUs) / US_PER_SECOND
    const room = Math.min(LABEL_EVERY, columns - column)
    const label = `╷${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`
    text += left(label.length <= room ? label : '╷', room)
  }
  return [piece(text, 'dim')]
}
