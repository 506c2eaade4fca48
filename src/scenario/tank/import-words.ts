import { formatDurationUs, parseDurationUs } from '../../base/units.ts'
import { readSchedule } from '../read-schedule.ts'
import { readUsers } from '../read-users.ts'
import { tankDurationUs } from './tank-duration.ts'
import type { TankPath, TankSection } from './tank-section.ts'

const CALL = /([A-Za-z_]+)\s*\(([^()]*)\)/g

/** Words of Tank that have another name here. */
const RENAMED: Readonly<Record<string, string>> = { start: 'once' }

/** Which words have a duration last. */
const TIMED = new Set(['const', 'line', 'step', 'ramp', 'wait'])

/**
 * Turns Tank's load words into ours: durations get the unit that Tank means. Undefined when they cannot be read,
 * which is a problem in the section's notes.
 */
export function importWords(
  section: TankSection,
  path: TankPath,
  text: string,
  kind: 'schedule' | 'users',
): string | undefined {
  const to = `load.${kind}`
  const isCovered = text.replace(CALL, '').trim() === ''
  const words = [...text.matchAll(CALL)].map(([, word = '', inner = '']) => wordOf(word, inner))
  const written = words.join(' ')
  const read = kind === 'schedule' ? readSchedule(written) : readUsers(written)
  if (!isCovered || 'message' in read) {
    const said = 'message' in read && isCovered ? read.message : `"${text.trim()}" cannot be read`
    section.notes.problem(path, 'tank-schedule', said)
    return undefined
  }
  const plain = text.replace(/\s+/g, '')
  if (plain === written.replace(/\s+/g, '')) section.notes.mapped(path, to)
  else section.notes.changed(path, to, `was ${text.trim().replace(/\s+/g, ' ')}`)
  return written
}

function wordOf(word: string, inner: string): string {
  const name = Object.hasOwn(RENAMED, word) ? (RENAMED[word] ?? word) : word
  const args = inner.split(',').map((argument) => argument.trim())
  const last = args.at(-1) ?? ''
  const us = TIMED.has(name) ? tankDurationUs(last.replace(/\s/g, ''), 's') : undefined
  if (us === undefined || parseDurationUs(last) !== undefined) return `${name}(${args.join(',')})`
  return `${name}(${[...args.slice(0, -1), formatDurationUs(us)].join(',')})`
}
