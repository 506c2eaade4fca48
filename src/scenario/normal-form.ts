import { dirname, resolve } from 'node:path'
import { expandSteps } from './expand-steps.ts'
import { normalLoad } from './normal-load.ts'
import { readExpectation } from './read-expectation.ts'
import { readStopCriterion } from './read-stop-criterion.ts'
import { readWorkload } from './read-workload.ts'
import type {
  ClusterScenario,
  Expectation,
  LabSpec,
  StopCriterion,
  TargetSpec,
  Through,
} from './scenario.ts'
import type { ScenarioFile } from './schema.ts'
import type { YamlDocument } from './yaml-document.ts'

/** Turns a file that fits the schema into a scenario: durations in µs, short forms written out, paths absolute. */
export function normalForm(
  file: ScenarioFile,
  document: YamlDocument,
  path: string,
): ClusterScenario {
  const { target, load } = file
  return {
    name: file.name,
    ...(file.about !== undefined && { about: file.about }),
    changed: changedOf(target),
    load: normalLoad(load, path),
    steps: expandSteps(file.steps, {
      lineOf: (at) => document.placeOf(at, 'value').line,
      directory: dirname(resolve(path)),
    }),
    expectations: file.expect.map((text) => readExpectation(text) as Expectation),
    ...(file.stop.length > 0 && { stopCriteria: stopCriteriaOf(file.stop) }),
    manifests: file.manifests.map((manifest) => resolve(dirname(path), manifest)),
    ...(file.lab && { lab: labOf(file.lab) }),
  }
}

/** A target in its normal form. */
export const changedOf = (target: ScenarioFile['target']): TargetSpec => ({
  workload: readWorkload(target.workload),
  through: throughOf(target.through),
  ...(target.namespace !== undefined && { namespace: target.namespace }),
})

/** Criteria that the schema has found readable. */
export const stopCriteriaOf = (texts: readonly string[]): StopCriterion[] =>
  texts.map((text) => readStopCriterion(text) as StopCriterion)

function throughOf(text: string): Through {
  if (/^https?:/.test(text)) return { kind: 'url', url: text }
  const [kind = '', name = ''] = text.split('/')
  return { kind: kind.startsWith('ing') ? 'ingress' : 'service', name }
}

function labOf({ seed, network, nodes }: NonNullable<ScenarioFile['lab']>): LabSpec {
  return {
    seed,
    ...(network !== undefined && { network }),
    ...(nodes !== undefined && { nodes }),
  }
}
