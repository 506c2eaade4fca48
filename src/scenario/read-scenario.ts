import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { humanCount } from '../base/units.ts'
import { checkExpectations } from './check-expectations.ts'
import { checkTarget } from './check-target.ts'
import { normalForm } from './normal-form.ts'
import { countSteps } from './expand-steps.ts'
import { type ClusterScenario, MAX_STEPS } from './scenario.ts'
import { scenarioSchema } from './schema.ts'
import { schemaProblems } from './schema-problems.ts'
import { parseYaml, type YamlDocument } from './yaml-document.ts'

/** Reads the text of a scenario file into its normal form, or gives every problem in it at once. */
export function readScenario(
  text: string,
  file: string,
): Result<ClusterScenario, readonly Problem[]> {
  const document = parseYaml(text, file)
  if (!('value' in document)) return fail(document)
  const parsed = scenarioSchema.safeParse(document.value)
  if (!parsed.success) return fail(schemaProblems(parsed.error, scenarioSchema, document))
  const count = countSteps(parsed.data.steps)
  if (count > MAX_STEPS) return fail([tooManySteps(count, document)])
  const scenario = normalForm(parsed.data, document, file)
  const problems = [...checkTarget(parsed.data, document), ...checkExpectations(scenario, document)]
  return problems.length > 0 ? fail(problems) : succeed(scenario)
}

const tooManySteps = (count: number, document: YamlDocument): Problem => ({
  code: 'too-many-steps',
  message: `steps: ${humanCount(count)} steps, with every repeat written out; at most ${humanCount(MAX_STEPS)} are possible`,
  hint: 'repeat fewer times',
  place: document.placeOf(['steps'], 'key'),
})
