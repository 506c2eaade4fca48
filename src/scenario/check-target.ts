import type { Problem } from '../base/problem.ts'
import type { FileStep } from './expand-steps.ts'
import { readWorkload } from './read-workload.ts'
import type { WorkloadRef } from './scenario.ts'
import type { ScenarioFile } from './schema.ts'
import { pathText } from './schema-problems.ts'
import type { YamlDocument } from './yaml-document.ts'

interface Objection {
  /** The key of the step that cannot be. */
  readonly keys: readonly string[]
  readonly message: string
  readonly hint: string
}

/** Checks that every step is one that the target's kind can bear: kubectl would refuse the others in the middle of a run. */
export function checkTarget({ target, steps }: ScenarioFile, document: YamlDocument): Problem[] {
  const { kind } = readWorkload(target.workload)
  return allOf(steps, ['steps']).flatMap(({ step, path }) =>
    objectionsTo(step, kind).map(({ keys, message, hint }) => ({
      code: 'not-for-kind',
      message: `${pathText([...path, ...keys])}: ${message}`,
      hint,
      place: document.placeOf([...path, ...keys], 'key'),
    })),
  )
}

interface StepAt {
  readonly step: FileStep
  readonly path: readonly PropertyKey[]
}

/** Each step of a list with its place, those of repeats and parallels too. */
function allOf(steps: readonly FileStep[], path: readonly PropertyKey[]): StepAt[] {
  return steps.flatMap((step, at) => withInner(step, [...path, at]))
}

function withInner(step: FileStep, path: readonly PropertyKey[]): StepAt[] {
  const { repeat, parallel = [] } = step
  return [
    { step, path },
    ...(repeat ? allOf(repeat.steps, [...path, 'repeat', 'steps']) : []),
    ...parallel.flatMap((branch, at) =>
      Array.isArray(branch)
        ? allOf(branch, [...path, 'parallel', at])
        : withInner(branch, [...path, 'parallel', at]),
    ),
  ]
}

const NAMES: Readonly<Record<WorkloadRef['kind'], string>> = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
}

/** What a step has that the kind has not. */
function objectionsTo(step: FileStep, kind: WorkloadRef['kind']): readonly Objection[] {
  if (kind === 'daemonset' && step.scale !== undefined) return [NO_SCALE]
  if (kind === 'daemonset' && step.drain !== undefined) return [NO_DRAIN]
  const field = kind === 'deployment' ? 'strategy' : 'updateStrategy'
  const other = kind === 'deployment' ? 'updateStrategy' : 'strategy'
  if (step.patch?.[other] === undefined) return []
  return [
    {
      keys: ['patch', other],
      message: `a ${NAMES[kind]} has no ${other}`,
      hint: `its field is called ${field}`,
    },
  ]
}

const NO_SCALE: Objection = {
  keys: ['scale'],
  message: 'a DaemonSet has no replicas to scale: it runs one pod on each node that fits',
  hint: 'use restart, delete pods or evict',
}

const NO_DRAIN: Objection = {
  keys: ['drain'],
  message:
    'a drain leaves the pods of a DaemonSet where they are (kubectl drain --ignore-daemonsets)',
  hint: 'use evict or delete pods; a drain is for a Deployment or a StatefulSet',
}
