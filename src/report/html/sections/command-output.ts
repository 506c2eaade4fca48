import { humanAt } from '../../../base/units.ts'
import type { Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'
import { table } from './table.ts'

const MAX_LINES = 200
const MAX_LENGTH = 300

/** What the commands of steps wrote, of very much the beginning and the end; undefined when there was nothing. */
export function commandOutput({ harness, steps }: ReportInput['recording']): Markup | undefined {
  const lines = harness.filter(({ type }) => type === 'command-said')
  if (lines.length === 0) return undefined
  const half = MAX_LINES / 2
  const shown = lines.length <= MAX_LINES ? lines : [...lines.slice(0, half), ...lines.slice(-half)]
  const hidden = lines.length - shown.length
  const labels = new Map(steps.map(({ index, label }) => [index, label]))
  return table(
    hidden === 0
      ? 'What the commands wrote'
      : `What the commands wrote; ${hidden} lines in the middle are in recording.ndjson`,
    [{ name: 'at (s)', align: 'right' }, { name: 'step' }, { name: 'line' }],
    shown.map(({ atUs, step, message }) => [
      humanAt(atUs),
      labels.get(step ?? -1) ?? '',
      message.length > MAX_LENGTH ? `${message.slice(0, MAX_LENGTH)}…` : message,
    ]),
  )
}
