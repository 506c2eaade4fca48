import { parseDurationUs } from '../base/units.ts'
import { readWords, stepLevels, type WordsError } from './read-words.ts'
import type { SchedulePart } from './scenario.ts'

const MAX_RATE_PER_SECOND = 10_000_000
const MAX_REQUESTS_AT_ONCE = 10_000_000

/** How many arguments each word takes. */
const WORDS: Readonly<Record<string, number>> = { const: 2, line: 3, step: 4, once: 1 }

/**
 * Reads Tank's load profile, `line(1,100,10s) const(100,40s) step(10,50,10,5s) once(20)`; `step` becomes `const`
 * parts, both ends included, with a last part at the end rate when the increment does not divide
 * (load-generators 3.1). Unlike Tank: decimals and `ms` are understood, a duration needs a unit.
 */
export const readSchedule = (text: string): SchedulePart[] | WordsError =>
  readWords(
    text,
    'const(rate,time), line(from,to,time), step(from,to,by,time) or once(requests)',
    readWord,
  )

function readWord(word: string, args: readonly string[]): readonly SchedulePart[] | string {
  const expected = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
  if (expected === undefined) {
    return `"${word}" is not a schedule word; there are const, line, step and once`
  }
  if (args.length !== expected)
    return `${word} takes ${expected} arguments, here are ${args.length}`
  if (word === 'once') return readOnce(args[0] ?? '')
  const rates = args.slice(0, -1).map(readRate)
  const bad = rates.findIndex((rate) => rate === undefined)
  if (bad >= 0) {
    return `"${args[bad] ?? ''}" is not a rate from 0 to ${MAX_RATE_PER_SECOND} requests per second, with at most 6 decimals`
  }
  const durationText = args.at(-1) ?? ''
  const durationUs = parseDurationUs(durationText)
  if (durationUs === undefined || durationUs === 0) {
    return `"${durationText}" is not a duration above 0 with a unit, such as 250ms, 40s or 1m30s`
  }
  return buildParts(word, rates as number[], durationUs)
}

function readOnce(text: string): readonly SchedulePart[] | string {
  const requests = /^\d+$/.test(text) ? Number(text) : 0
  return requests >= 1 && requests <= MAX_REQUESTS_AT_ONCE
    ? [{ word: 'once', requests, durationUs: 0 }]
    : `"${text}" is not a number of requests from 1 to ${MAX_REQUESTS_AT_ONCE}`
}

function readRate(text: string): number | undefined {
  if (!/^\d+(?:\.\d{1,6})?$/.test(text)) return undefined
  const rate = Number(text)
  return rate <= MAX_RATE_PER_SECOND ? rate : undefined
}

function buildParts(
  word: string,
  [first = 0, second = 0, third = 0]: readonly number[],
  durationUs: number,
): readonly SchedulePart[] | string {
  if (word === 'const') return [{ word: 'const', ratePerSecond: first, durationUs }]
  if (word === 'line') {
    return [{ word: 'line', fromPerSecond: first, toPerSecond: second, durationUs }]
  }
  const rates = stepLevels(first, second, third)
  return typeof rates === 'string'
    ? rates
    : rates.map((ratePerSecond) => ({ word: 'const', ratePerSecond, durationUs }))
}
