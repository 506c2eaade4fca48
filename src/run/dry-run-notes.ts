import type { DryRunStep } from '../cluster/dry-run/dry-run-step.ts'
import type { Step } from '../scenario/scenario.ts'

/** Steps that make a revision of their own. */
export const ROLLOUTS: ReadonlySet<Step['type']> = new Set(['restart', 'image', 'patch', 'undo'])

/** Steps after which there are other pods. */
const CHANGES_PODS: ReadonlySet<Step['type']> = new Set([
  ...ROLLOUTS,
  'scale',
  'delete-pods',
  'evict',
  'drain',
  'delete-workload',
])

/** What the answers to the dry run of a step do not tell, because the steps before it were not carried out. */
export function notesOf(
  step: Step,
  before: readonly Step[],
  tried: readonly (DryRunStep & { readonly step: Step })[],
  { fields, change }: DryRunStep,
): readonly string[] {
  const notes: string[] = []
  const choosesPods = step.type === 'delete-pods' || step.type === 'evict' || step.type === 'drain'
  const other = before.findIndex(({ type }) => CHANGES_PODS.has(type))
  if (choosesPods && other !== -1)
    notes.push(`tried with the pods there are now; step ${other + 1} changes which there are`)
  if (
    (step.type === 'evict' || step.type === 'drain') &&
    change.calls.filter(({ path }) => path.endsWith('/eviction')).length > 1
  )
    notes.push('each eviction was tried alone: a budget may refuse some of them together')
  const touched = touchedPaths(step, fields)
  const earlier = tried.findIndex(({ step: one, fields: theirs }) =>
    touchedPaths(one, theirs).some((path) => touched.includes(path)),
  )
  if (earlier !== -1) {
    notes.push(
      `step ${earlier + 1} changes the same field first; tried from the value that it has now`,
    )
  }
  return notes
}

/** A change that makes no difference now may make one after the steps before. */
function touchedPaths({ type }: Step, fields: DryRunStep['fields']): readonly string[] {
  const own = fields.map(({ object, path }) => `${object} ${path}`)
  if (type === 'scale') return ['scale']
  return ROLLOUTS.has(type) ? [...own, 'template'] : own
}
