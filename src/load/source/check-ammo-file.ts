import { setImmediate } from 'node:timers/promises'
import type { Problem } from '../../base/problem.ts'
import type { AmmoSpec } from '../../scenario/scenario.ts'
import { type AmmoReader, TOO_LONG, type Unusable } from './ammo-reader.ts'
import { AMMO_READERS } from './ammo-source.ts'
import { ByteFeed } from './byte-feed.ts'

/** So many entries are looked at before the start. */
const CHECKED_ENTRIES = 1_000

const MAX_PROBLEMS = 10
const MAX_SHOWN = 120

/** Reads the first 1,000 entries of an ammo file; gives those that are no request, and what is wrong with it whole. */
export async function checkAmmoFile(ammo: AmmoSpec): Promise<readonly Problem[]> {
  const feed = new ByteFeed(ammo.path, true)
  try {
    const reader = AMMO_READERS[ammo.format]({
      hostHeader: 'check',
      headers: {},
      expected: { okStatuses: [] },
      check: undefined,
      tagOf: () => undefined,
    })
    return await checkEntries(ammo, feed, reader)
  } finally {
    feed.close()
  }
}

async function checkEntries(
  ammo: AmmoSpec,
  feed: ByteFeed,
  reader: AmmoReader,
): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  let usable = 0
  for (let entry = 0; entry < CHECKED_ENTRIES && problems.length < MAX_PROBLEMS;) {
    const mark = feed.mark()
    const peeked = feed.line()
    const line = feed.linesTaken
    const text = typeof peeked === 'string' ? '' : peeked.toString('utf8', 0, MAX_SHOWN)
    if (typeof peeked !== 'string') feed.back(mark)
    const read = peeked === 'too-long' ? TOO_LONG : reader.read(feed, true)
    if (read === 'ended') break
    if (read === 'not-yet') await setImmediate()
    else if (typeof read === 'object') {
      entry++
      if (!('why' in read)) usable++
      else if (read.isNormal !== true) problems.push(problemOf(ammo, { line, text }, read))
    }
  }
  if (feed.error !== undefined) problems.push(damageOf(ammo, feed.error))
  if (usable > 0 || problems.length > 0) return problems
  return [
    {
      code: 'ammo-empty',
      message: `load.ammo.file: ${ammo.path} has no request among its first ${CHECKED_ENTRIES} entries`,
      hint: `is its format ${ammo.format}?`,
    },
  ]
}

const problemOf = (
  { path, format }: AmmoSpec,
  { line, text }: { readonly line: number; readonly text: string },
  { why }: Unusable,
): Problem => ({
  code: 'ammo-entry',
  message: `an entry in format ${format} is no request: ${why}`,
  place: { file: path, line, column: 1, text, length: Math.max(1, text.length) },
})

const damageOf = ({ path }: AmmoSpec, error: string): Problem => ({
  code: 'ammo-damaged',
  message: `load.ammo.file: ${path} ends before its end: ${error}`,
  hint: 'it is cut short or damaged; make it again',
})
