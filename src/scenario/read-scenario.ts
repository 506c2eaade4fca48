import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { checkExpectations } from './check-expectations.ts'
import { checkTarget } from './check-target.ts'
import { normalForm } from './normal-form.ts'
import type { ClusterScenario } from './scenario.ts'
import { scenarioSchema } from './schema.ts'
import { schemaProblems } from './schema-problems.ts'
import { parseYaml } from './yaml-document.ts'

/** Reads the text of a scenario file into its normal form, or gives every problem in it at once. */
export function readScenario(
  text: string,
  file: string,
): Result<ClusterScenario, readonly Problem[]> {
  const document = parseYaml(text, file)
  if (!('value' in document)) return fail(document)
  const parsed = scenarioSchema.safeParse(document.value)
  if (!parsed.success) return fail(schemaProblems(parsed.error, scenarioSchema, document))
  const scenario = normalForm(parsed.data, document, file)
  const problems = [...checkTarget(parsed.data, document), ...checkExpectations(scenario, document)]
  return problems.length > 0 ? fail(problems) : succeed(scenario)
}
