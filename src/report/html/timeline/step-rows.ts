import type { Timeline } from './timeline.ts'

type StepSpan = Timeline['steps'][number]

/** Steps that were taken at the same time, apart: as few rows as hold all spans, none over another; always one. */
export function stepRows(steps: readonly StepSpan[]): readonly (readonly StepSpan[])[] {
  const rows: StepSpan[][] = [[]]
  for (const step of steps.toSorted((left, right) => left.fromUs - right.fromUs)) {
    const free = rows.find((row) => (row.at(-1)?.toUs ?? 0) <= step.fromUs)
    if (free) free.push(step)
    else rows.push([step])
  }
  return rows
}
