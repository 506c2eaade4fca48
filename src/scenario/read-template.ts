/** A place in a request that is different each time. */
export type Variable =
  /** The request's number in the load, from 0. */
  | { readonly name: 'seq' }
  | { readonly name: 'uuid' }
  /** A whole number from `low` to `high`, both ends included. */
  | { readonly name: 'random'; readonly low: number; readonly high: number }
  | { readonly name: 'csv'; readonly column: string }

/** A text cut at its variables; without any it is one string. */
export type Template = readonly (string | Variable)[]

/** What is wrong in a template, and at which character of it. */
export interface TemplateError {
  readonly message: string
  readonly offset: number
  readonly length: number
}

const VARIABLE = /\{\{([^{}]*)\}\}/g
const RANDOM = /^random(?:\(\s*(\d+)\s*,\s*(\d+)\s*\))?$/
const MAX_RANDOM = 2 ** 31 - 1

/** Reads `{{seq}}`, `{{uuid}}`, `{{random}}`, `{{random(1,6)}}` and `{{csv.NAME}}` in a text. */
export function readTemplate(text: string): Template | TemplateError {
  const parts: (string | Variable)[] = []
  let at = 0
  for (const match of text.matchAll(VARIABLE)) {
    const variable = readVariable((match[1] ?? '').trim())
    if (typeof variable === 'string') {
      return { message: variable, offset: match.index, length: match[0].length }
    }
    if (match.index > at) parts.push(text.slice(at, match.index))
    parts.push(variable)
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

/** Whether a text holds a variable. */
export const hasVariables = (text: string): boolean => text.search(VARIABLE) >= 0

function readVariable(word: string): Variable | string {
  if (word === 'seq' || word === 'uuid') return { name: word }
  const column = /^csv\.(.+)$/.exec(word)?.[1]
  if (column !== undefined) return { name: 'csv', column: column.trim() }
  const random = RANDOM.exec(word)
  if (!random) {
    return `{{${word}}} is not a variable; there are seq, uuid, random, random(low,high) and csv.COLUMN`
  }
  const low = Number(random[1] ?? 0)
  const high = Number(random[2] ?? MAX_RANDOM)
  return low <= high && high <= MAX_RANDOM
    ? { name: 'random', low, high }
    : `{{${word}}} needs two whole numbers in rising order, at most ${MAX_RANDOM}`
}
