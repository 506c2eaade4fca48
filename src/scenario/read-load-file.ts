import { basename, extname } from 'node:path'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { checkExpectations } from './check-expectations.ts'
import { stopCriteriaOf } from './normal-form.ts'
import { normalLoad } from './normal-load.ts'
import { readExpectation } from './read-expectation.ts'
import type { Expectation, Scenario } from './scenario.ts'
import { type LoadFileForm, loadFileSchema } from './schema.ts'
import { schemaProblems } from './schema-problems.ts'
import { parseYaml, type YamlDocument } from './yaml-document.ts'

/** A load on its own, from a load file or from the load part of a scenario. */
export interface LoadFile {
  /** Without a cluster: `changed` is absent, and there are no steps. */
  readonly scenario: Scenario
  /** Where the load goes, when the file says it. */
  readonly url?: string
  /** Keys of the file that mean nothing without a cluster. */
  readonly ignored: readonly string[]
}

/**
 * Reads a load file: the form of a scenario file, of which `load`, `expect`, `stop`, `name`, `about` and a URL in
 * `target.through` are used and all but `load` may be missing. What needs a cluster is ignored, and named.
 */
export function readLoadFile(text: string, file: string): Result<LoadFile, readonly Problem[]> {
  const document = parseYaml(text, file)
  if (!('value' in document)) return fail(document)
  const parsed = loadFileSchema.safeParse(document.value)
  if (!parsed.success) return fail(schemaProblems(parsed.error, loadFileSchema, document))
  const form = parsed.data
  const scenario: Scenario = {
    name: form.name ?? nameOf(file),
    ...(form.about !== undefined && { about: form.about }),
    load: normalLoad(form.load, file),
    steps: [],
    expectations: form.expect.map((line) => wholeRun(readExpectation(line) as Expectation)),
    ...(form.stop.length > 0 && { stopCriteria: stopCriteriaOf(form.stop) }),
    manifests: [],
  }
  const problems = [...checkScopes(scenario, document), ...checkExpectations(scenario, document)]
  if (problems.length > 0) return fail(problems)
  const through = form.target?.through
  const url = through !== undefined && /^https?:/.test(through) ? through : undefined
  return succeed({ scenario, ...(url !== undefined && { url }), ignored: ignoredKeys(form, url) })
}

/** The file's name as a name that a scenario may have. */
function nameOf(file: string): string {
  const name = basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, 60)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  return name === '' ? 'load' : name
}

/** Nothing is disrupted by a load alone, so that all of it is steady. */
function wholeRun(expectation: Expectation): Expectation {
  const { scope, ...rest } = expectation
  return scope?.when === 'during' && scope.name === 'steady' ? rest : expectation
}

/** What speaks of steps would never have samples, and so never be met. */
function checkScopes({ expectations }: Scenario, document: YamlDocument): Problem[] {
  return expectations.flatMap(({ scope, metric, text }, at) =>
    scope || metric.name === 'recovery'
      ? [
          {
            code: 'needs-steps',
            message: `expect[${at}]: "${text}" speaks of steps, and a load alone has none`,
            hint: 'leave it out, or run the file with podtank run',
            place: document.placeOf(['expect', at], 'value'),
          },
        ]
      : [],
  )
}

function ignoredKeys(form: LoadFileForm, url: string | undefined): string[] {
  const { target, steps, manifests, lab } = form
  return [
    ...(target?.workload === undefined ? [] : ['target.workload']),
    ...(target?.namespace === undefined ? [] : ['target.namespace']),
    ...(target?.through === undefined || url !== undefined ? [] : ['target.through']),
    ...(steps ? ['steps'] : []),
    ...(manifests.length > 0 ? ['manifests'] : []),
    ...(lab ? ['lab'] : []),
  ]
}
