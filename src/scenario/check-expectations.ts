import { nearestWord } from '../base/nearest.ts'
import type { Problem } from '../base/problem.ts'
import { FAILURE_CLASSES } from './failure-class.ts'
import type { Scenario } from './scenario.ts'
import type { YamlDocument } from './yaml-document.ts'

const PHASES = ['steady', 'disruption', 'restore']
const USES = ['new', 'reused']
const CLASSES = [...FAILURE_CLASSES, 'bad-status', 'bad-body']

/**
 * Checks that every name in an expectation stands for something: a misspelt one would select nothing, and nothing
 * failed is what most expectations hope for.
 */
export function checkExpectations(scenario: Scenario, document: YamlDocument): Problem[] {
  const tags = scenario.load.requests.flatMap((request) => request.tag ?? [])
  const steps = scenario.steps.map((step) => step.label.split(' ')[0] ?? '')
  return scenario.expectations.flatMap((expectation, at) => {
    const { filter, scope } = expectation
    const check = (what: string, word: string | undefined, known: readonly string[]): Problem[] =>
      word === undefined || isKnown(word, known)
        ? []
        : [
            {
              code: 'unknown-name',
              message: `expect[${at}]: there is no ${what} "${word}"`,
              hint: hintFor(word, known),
              place: document.placeOf(['expect', at], 'value'),
            },
          ]
    return [
      ...(/^[1-5](?:\d\d|\d?\*)$/.test(filter.class ?? '')
        ? []
        : check('class', filter.class, CLASSES)),
      ...check('tag', filter.tag, tags),
      ...check('connection', filter.connection, USES),
      ...check(
        scope?.when === 'after' ? 'step' : 'phase',
        scope?.name,
        scope?.when === 'after' ? steps : PHASES,
      ),
    ]
  })
}

const isKnown = (word: string, known: readonly string[]): boolean =>
  word.endsWith('*') ? known.some((one) => one.startsWith(word.slice(0, -1))) : known.includes(word)

function hintFor(word: string, known: readonly string[]): string {
  const near = nearestWord(word.replace(/\*$/, ''), known)
  if (near !== undefined) return `did you mean "${near}"?`
  return known.length === 0 ? 'there are none' : `there are ${[...new Set(known)].join(', ')}`
}
