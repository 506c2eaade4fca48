import { normalStep } from './normal-step.ts'
import type { Step, StepBranch } from './scenario.ts'
import type { ScenarioFile } from './schema.ts'

export type FileStep = ScenarioFile['steps'][number]

interface Place {
  /** In the document, of the list that the steps are in. */
  readonly path: readonly PropertyKey[]
  /** `1 of 3`, of each repeat around it, the outermost first. */
  readonly rounds: readonly string[]
  readonly beside?: StepBranch
}

interface Expanding {
  readonly lineOf: (path: readonly PropertyKey[]) => number
  /** Absolute; of the commands. */
  readonly directory: string
  readonly steps: Step[]
  groups: number
}

/** The steps of a file one after another: each repeat written out, each branch of a parallel marked as such. */
export function expandSteps(
  steps: readonly FileStep[],
  options: Pick<Expanding, 'lineOf' | 'directory'>,
): readonly Step[] {
  const into: Expanding = { ...options, steps: [], groups: 0 }
  expandAll(steps, { path: ['steps'], rounds: [] }, into)
  return into.steps
}

/** How many steps that will be, without making them. */
export const countSteps = (steps: readonly FileStep[]): number =>
  steps.reduce((sum, { repeat, parallel }) => {
    if (repeat) return sum + repeat.times * countSteps(repeat.steps)
    if (!parallel) return sum + 1
    return sum + countSteps(parallel.flat())
  }, 0)

function expandAll(steps: readonly FileStep[], place: Place, into: Expanding): void {
  for (const [at, step] of steps.entries()) {
    expand(step, { ...place, path: [...place.path, at] }, into)
  }
}

function expand(step: FileStep, place: Place, into: Expanding): void {
  const { path, rounds, beside } = place
  const { repeat, parallel } = step
  if (repeat) {
    for (let round = 1; round <= repeat.times; round++) {
      const more = repeat.times === 1 ? [] : [`${round} of ${repeat.times}`]
      const inner = { ...place, path: [...path, 'repeat', 'steps'], rounds: [...rounds, ...more] }
      expandAll(repeat.steps, inner, into)
    }
    return
  }
  if (parallel) {
    const group = into.groups++
    for (const [branch, one] of parallel.entries()) {
      const inner = { rounds, path: [...path, 'parallel', branch], beside: { group, branch } }
      if (Array.isArray(one)) expandAll(one, inner, into)
      else expand(one, inner, into)
    }
    return
  }
  const { label, ...action } = normalStep(step)
  into.steps.push({
    ...action,
    ...(action.type === 'exec' && { directory: into.directory }),
    label: rounds.length === 0 ? label : `${label} (${rounds.join(', ')})`,
    line: into.lineOf(path),
    ...(beside && { beside }),
  })
}
