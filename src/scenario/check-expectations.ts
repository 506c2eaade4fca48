import { nearestWord } from '../base/nearest.ts'
import type { Problem } from '../base/problem.ts'
import { FAILURE_CLASSES } from './failure-class.ts'
import type { Scenario } from './scenario.ts'
import type { YamlDocument } from './yaml-document.ts'

const PHASES = ['steady', 'disruption', 'restore']
const USES = ['new', 'reused']
const CLASSES = [...FAILURE_CLASSES, 'bad-status', 'bad-header', 'bad-body']

/**
 * Checks that every name in an expectation stands for something: a misspelt one would select nothing, and nothing
 * failed is what most expectations hope for.
 */
export function checkExpectations(scenario: Scenario, document: YamlDocument): Problem[] {
  const { requests, ammo } = scenario.load
  const tags = requests.flatMap((request) => request.tag ?? [])
  const steps = scenario.steps.map((step) => step.label.split(' ')[0] ?? '')
  return scenario.expectations.flatMap(({ filter, scope }, at) => {
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
      // The tags of an ammo file are known when it has been read; one that never came has no samples.
      ...(ammo ? [] : check('tag', filter.tag, tags)),
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
