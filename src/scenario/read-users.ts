import { parseDurationUs } from '../base/units.ts'
import { readWords, stepLevels, type WordsError } from './read-words.ts'
import type { UsersPart } from './scenario.ts'

const MAX_USERS = 60_000

/** How many arguments each word takes, and whether the last of them is a duration. */
const WORDS: Readonly<Record<string, { readonly args: number; readonly isTimed: boolean }>> = {
  const: { args: 2, isTimed: true },
  line: { args: 3, isTimed: true },
  step: { args: 4, isTimed: true },
  once: { args: 1, isTimed: false },
  ramp: { args: 2, isTimed: true },
  wait: { args: 1, isTimed: true },
}

/**
 * Reads how many users there are over time. `const(n,time)`, `line(from,to,time)` and `step(from,to,by,time)` say how
 * many; `once(n)` and `ramp(n,time)` add to those that are there, at once or evenly, and `wait(time)` leaves them as
 * they are: Tank's `start`, `ramp` and `wait`.
 */
export const readUsers = (text: string): UsersPart[] | WordsError =>
  readWords(
    text,
    'const(users,time), line(from,to,time), step(from,to,by,time), once(more), ramp(more,time) or wait(time)',
    readWord,
  )

function readWord(
  word: string,
  args: readonly string[],
  before: readonly UsersPart[],
): readonly UsersPart[] | string {
  const form = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
  if (!form) return `"${word}" is not a word for users; there are ${Object.keys(WORDS).join(', ')}`
  if (args.length !== form.args) {
    return `${word} takes ${form.args} arguments, here are ${args.length}`
  }
  const counts = (form.isTimed ? args.slice(0, -1) : args).map(readCount)
  const bad = counts.findIndex((count) => count === undefined)
  if (bad >= 0) return `"${args[bad] ?? ''}" is not a number of users from 0 to ${MAX_USERS}`
  const durationText = args.at(-1) ?? ''
  const durationUs = form.isTimed ? parseDurationUs(durationText) : 0
  if (durationUs === undefined || (form.isTimed && durationUs === 0)) {
    return `"${durationText}" is not a duration above 0 with a unit, such as 250ms, 40s or 1m30s`
  }
  const parts = buildParts(word, counts as number[], durationUs, before.at(-1)?.toUsers ?? 0)
  if (typeof parts !== 'string' && parts.some((part) => part.toUsers > MAX_USERS)) {
    return `more than ${MAX_USERS} users`
  }
  return parts
}

function readCount(text: string): number | undefined {
  const count = /^\d+$/.test(text) ? Number(text) : Infinity
  return count <= MAX_USERS ? count : undefined
}

function buildParts(
  word: string,
  [first = 0, second = 0, third = 0]: readonly number[],
  durationUs: number,
  now: number,
): readonly UsersPart[] | string {
  const hold = (users: number): UsersPart => ({ fromUsers: users, toUsers: users, durationUs })
  switch (word) {
    case 'const':
      return [hold(first)]
    case 'line':
      return [{ fromUsers: first, toUsers: second, durationUs }]
    case 'once':
      return [hold(now + first)]
    case 'ramp':
      return [{ fromUsers: now, toUsers: now + first, durationUs }]
    case 'wait':
      return [hold(now)]
    default: {
      const levels = stepLevels(first, second, third)
      return typeof levels === 'string' ? levels : levels.map(hold)
    }
  }
}
