import type { Job } from '../kinds/job.ts'
import type { Column } from './column.ts'
import { formatLabelSelector } from '../label-selector-text.ts'
import { ageColumn, nameColumn, text, wide } from './column.ts'
import { humanDuration } from './human-duration.ts'

/** The columns of `kubectl get jobs`. */
export const jobColumns: readonly Column<Job>[] = [
  nameColumn,
  text('Status', statusOf),
  text('Completions', completionsOf),
  text('Duration', durationOf),
  ageColumn,
  wide(
    text('Containers', ({ spec }) => spec.template.spec.containers.map((one) => one.name).join()),
  ),
  wide(
    text('Images', ({ spec }) =>
      spec.template.spec.containers.map((one) => one.image ?? '').join(),
    ),
  ),
  wide(text('Selector', ({ spec }) => formatLabelSelector(spec.selector ?? {}))),
]

function statusOf({ metadata, status }: Job): string {
  const isTrue = (type: string): boolean =>
    status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false
  if (isTrue('Complete')) return 'Complete'
  if (isTrue('Failed')) return 'Failed'
  if (metadata.deletionTimestamp !== undefined) return 'Terminating'
  if (isTrue('Suspended')) return 'Suspended'
  if (isTrue('FailureTarget')) return 'FailureTarget'
  if (isTrue('SuccessCriteriaMet')) return 'SuccessCriteriaMet'
  return 'Running'
}

function completionsOf({ spec, status }: Job): string {
  const succeeded = String(status?.succeeded ?? 0)
  if (spec.completions !== undefined) return `${succeeded}/${String(spec.completions)}`
  const parallelism = spec.parallelism ?? 1
  return parallelism > 1 ? `${succeeded}/1 of ${String(parallelism)}` : `${succeeded}/1`
}

function durationOf({ status }: Job): string {
  if (!status?.startTime) return ''
  const endMs = status.completionTime ? Date.parse(status.completionTime) : Date.now()
  return humanDuration(endMs - Date.parse(status.startTime))
}
