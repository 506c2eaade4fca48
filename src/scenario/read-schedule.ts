import { parseDurationUs } from '../base/units.ts'
import type { SchedulePart } from './scenario.ts'

/** What is wrong in a schedule's text, and at which character of it. */
export interface ScheduleError {
  readonly message: string
  readonly offset: number
  readonly length: number
}

const CALL = /\s*([A-Za-z]*)\s*\(([^()]*)\)/y
const MAX_PARTS = 10_000
const MAX_RATE_PER_SECOND = 10_000_000

/**
 * Reads Tank's load profile, `line(1,100,10s) const(100,40s) step(10,50,10,5s)`; `step` becomes `const` parts,
 * both ends included, with a last part at the end rate when the increment does not divide
 * (load-generators 3.1). Unlike Tank: decimals and `ms` are understood, a duration needs a unit.
 */
export function readSchedule(text: string): SchedulePart[] | ScheduleError {
  const parts: SchedulePart[] = []
  CALL.lastIndex = 0
  let at = 0
  while (text.slice(at).trim() !== '') {
    CALL.lastIndex = at
    const call = CALL.exec(text)
    if (!call)
      return errorAt(
        text,
        at,
        'expected const(rate,time), line(from,to,time) or step(from,to,by,time)',
      )
    const read = readCall(
      call[1] ?? '',
      (call[2] ?? '').split(',').map((word) => word.trim()),
    )
    if (typeof read === 'string') return errorAt(text, at, read, call[0].trim().length)
    parts.push(...read)
    if (parts.length > MAX_PARTS) return errorAt(text, at, `more than ${MAX_PARTS} parts`)
    at = CALL.lastIndex
  }
  if (parts.length === 0) return errorAt(text, 0, 'the schedule is empty')
  return parts
}

function errorAt(text: string, at: number, message: string, length?: number): ScheduleError {
  const offset = at + (text.slice(at).length - text.slice(at).trimStart().length)
  return { message, offset, length: length ?? Math.max(1, text.length - offset) }
}

function readCall(word: string, args: readonly string[]): SchedulePart[] | string {
  const numbers = { const: 1, line: 2, step: 3 }[word]
  if (numbers === undefined)
    return `"${word}" is not a schedule word; there are const, line and step`
  if (args.length !== numbers + 1) {
    return `${word} takes ${numbers + 1} arguments, here are ${args.length}`
  }
  const rates = args.slice(0, numbers).map(readRate)
  const bad = rates.findIndex((rate) => rate === undefined)
  if (bad >= 0) {
    return `"${args[bad] ?? ''}" is not a rate from 0 to ${MAX_RATE_PER_SECOND} requests per second`
  }
  const durationText = args.at(-1) ?? ''
  const durationUs = parseDurationUs(durationText)
  if (durationUs === undefined || durationUs === 0) {
    return `"${durationText}" is not a duration above 0 with a unit, such as 250ms, 40s or 1m30s`
  }
  return buildParts(word, rates as number[], durationUs)
}

function readRate(text: string): number | undefined {
  if (!/^\d+(?:\.\d+)?$/.test(text)) return undefined
  const rate = Number(text)
  return rate <= MAX_RATE_PER_SECOND ? rate : undefined
}

function buildParts(
  word: string,
  rates: readonly number[],
  durationUs: number,
): SchedulePart[] | string {
  const [first = 0, second = 0, third = 0] = rates
  if (word === 'const') return [{ word: 'const', ratePerSecond: first, durationUs }]
  if (word === 'line')
    return [{ word: 'line', fromPerSecond: first, toPerSecond: second, durationUs }]
  if (third === 0) return 'step needs an increment above 0'
  if (Math.abs(second - first) / third > MAX_PARTS) return `step makes more than ${MAX_PARTS} parts`
  const direction = second >= first ? 1 : -1
  const parts: SchedulePart[] = []
  let rate = first
  for (let index = 1; direction * (second - rate) >= 0; index++) {
    parts.push({ word: 'const', ratePerSecond: rate, durationUs })
    rate = first + direction * third * index
  }
  const last = parts.at(-1)
  if (last?.word === 'const' && last.ratePerSecond !== second) {
    parts.push({ word: 'const', ratePerSecond: second, durationUs })
  }
  return parts
}
