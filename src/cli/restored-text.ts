import { sanitize } from '../base/sanitize.ts'
import { textOfRef } from '../cluster/restore/object-ref.ts'
import { outcomeText } from '../cluster/restore/outcome-text.ts'
import type { RestoredNamespace } from '../cluster/restore/restore-namespace.ts'

/** What `podtank restore` found and did, a line each; the last says how it stands. */
export function restoredText(
  restored: RestoredNamespace,
  { isDryRun, tookMs }: { readonly isDryRun: boolean; readonly tookMs: number },
): string {
  const { leftovers, alive, loose } = restored
  const lines = leftovers.flatMap(({ run, objects, problem }) => [
    `run ${run}${isDryRun ? ' (dry run: nothing was changed)' : ''}`,
    ...objects.map(({ ref, outcome }) => `  ${outcomeText(ref, outcome)}`),
    ...(problem ? [`  ${problem.message}`] : []),
  ])
  for (const { run, objects } of alive) {
    lines.push(`run ${run} is at work on ${objects.map(textOfRef).join(', ')}; left alone`)
  }
  for (const { run, ref } of loose) {
    lines.push(
      `${textOfRef(ref)} has a record of the run ${run} whose lock is gone; it may be a copy, and is left alone. --force puts the original back, --keep drops the record`,
    )
  }
  lines.push(lastLine(restored, isDryRun, tookMs))
  return `${lines.map((line) => sanitize(line, 1_000)).join('\n')}\n`
}

/** Nothing of a dead run is left. */
export const isAllClean = ({ leftovers, loose }: RestoredNamespace): boolean =>
  loose.length === 0 && leftovers.every(({ isClean }) => isClean)

function lastLine(restored: RestoredNamespace, isDryRun: boolean, tookMs: number): string {
  if (restored.leftovers.length === 0 && restored.loose.length === 0) return 'nothing to put back'
  if (isDryRun) return 'podtank restore without --dry-run does it'
  return isAllClean(restored) ? `restored in ${tookMs} ms` : 'NOT everything is put back'
}
