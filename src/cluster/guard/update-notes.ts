import type { Step } from '../../scenario/scenario.ts'
import type { TargetFacts } from './guard-facts.ts'

const TEMPLATE_STEPS: ReadonlySet<Step['type']> = new Set(['restart', 'image', 'patch', 'undo'])

/** What keeps a changed template from reaching every pod, so that nobody takes a quiet run for a safe rollout. */
export function updateNotes(
  facts: Pick<TargetFacts, 'workload' | 'steps' | 'updateStrategy' | 'partition'>,
): readonly string[] {
  const { workload, steps, updateStrategy, partition = 0 } = facts
  if (!steps.some(({ type }) => TEMPLATE_STEPS.has(type))) return []
  if (updateStrategy === 'OnDelete') {
    return [
      `${workload} has the updateStrategy OnDelete: a changed template reaches a pod only when that pod is deleted`,
    ]
  }
  if (partition === 0) return []
  return [`${workload} has the partition ${partition}: only pods from ${partition} on are updated`]
}
