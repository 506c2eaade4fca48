import type { LabelRequirement } from './kinds/label-selector.ts'
import { invalid, keyFaults, labelValueFaults } from './validation/name-faults.ts'

/** What is wrong with a selector, as a sentence; never leaves this file. */
class Mistake extends Error {}

const OPERATORS = ['in', 'notin', '=', '==', '!=', 'gt', 'lt']
const SYMBOL = /^(?:==|!=|[=!(),<>])$/

/** The parser of `k8s.io/apimachinery/pkg/labels`, with its words for what is wrong. */
export class LabelSelectorParser {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#tokens = text.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? []
  }

  /** The requirements, or the sentence of the first mistake. */
  parse(): readonly LabelRequirement[] | string {
    try {
      return this.#requirements()
    } catch (error) {
      if (error instanceof Mistake) return error.message
      throw error
    }
  }

  #requirements(): LabelRequirement[] {
    const found: LabelRequirement[] = []
    while (this.#next !== undefined) {
      if (!this.#startsRequirement()) {
        throw this.#unexpected("!, identifier, or 'end of string'")
      }
      found.push(this.#requirement())
      this.#endRequirement()
    }
    return found
  }

  /** A comma with another requirement behind it, unless this was the last. */
  #endRequirement(): void {
    if (this.#next === undefined) return
    if (this.#next !== ',') throw this.#unexpected("',' or 'end of string'")
    this.#at++
    if (!this.#startsRequirement()) throw this.#unexpected("identifier after ','")
  }

  #requirement(): LabelRequirement {
    try {
      return this.#keyAndMore()
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      throw new Mistake(`unable to parse requirement: ${error.message}`)
    }
  }

  #keyAndMore(): LabelRequirement {
    const isAbsent = this.#next === '!'
    if (isAbsent) this.#at++
    const key = this.#identifier()
    refuse('<nil>', key, keyFaults(key))
    if (isAbsent) return { key, operator: 'DoesNotExist' }
    if (this.#next === undefined || this.#next === ',') return { key, operator: 'Exists' }
    const operator = this.#next
    switch (operator) {
      case 'in':
      case 'notin':
        this.#at++
        return checked(key, operator === 'in' ? 'In' : 'NotIn', this.#values())
      case '=':
      case '==':
      case '!=':
        this.#at++
        return checked(key, operator === '!=' ? 'NotIn' : 'In', [this.#value()])
      case '>':
      case '<': {
        this.#at++
        const value = this.#value()
        const isNumber = /^[+-]?\d+$/.test(value)
        const fault = "for 'Gt', 'Lt' operators, the value must be an integer"
        refuse('values[0]', value, isNumber ? [] : [fault])
        return checked(key, operator === '>' ? 'Gt' : 'Lt', [value])
      }
      default:
        throw this.#unexpected(OPERATORS.join(', '))
    }
  }

  /** `(a,b)`; between commas a value may be empty. */
  #values(): string[] {
    if (this.#next !== '(') throw new Mistake(`found '${this.#next ?? ''}' expected: '('`)
    const values: string[] = []
    let token = this.#skip()
    for (;;) {
      values.push(token === ',' || token === ')' ? '' : this.#identifier())
      token = this.#next
      if (token !== ',' && token !== ')') throw this.#unexpected("',' or ')'")
      const following = this.#skip()
      if (token === ')') return [...new Set(values)].sort()
      token = following
    }
  }

  #value(): string {
    return this.#next === undefined || this.#next === ',' ? '' : this.#identifier()
  }

  #identifier(): string {
    const token = this.#next
    if (token === undefined || SYMBOL.test(token)) throw this.#unexpected('identifier')
    this.#at++
    return token
  }

  /** A step over a symbol that has been looked at, to the one after it. */
  #skip(): string | undefined {
    this.#at++
    return this.#next
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at]
  }

  #startsRequirement(): boolean {
    return this.#next === '!' || (this.#next !== undefined && !SYMBOL.test(this.#next))
  }

  #unexpected(expected: string): Mistake {
    return new Mistake(`found '${this.#next ?? ''}', expected: ${expected}`)
  }
}

function checked(
  key: string,
  operator: 'In' | 'NotIn' | 'Gt' | 'Lt',
  values: string[],
): LabelRequirement {
  for (const [index, value] of values.entries()) {
    refuse(`values[${String(index)}][${key}]`, value, labelValueFaults(value))
  }
  return { key, operator, values }
}

function refuse(path: string, text: string, faults: readonly string[]): void {
  const [sentence] = invalid(path, text, faults)
  if (sentence !== undefined) throw new Mistake(sentence)
}
