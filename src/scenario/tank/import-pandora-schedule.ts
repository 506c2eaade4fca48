import { formatDurationUs } from '../../base/units.ts'
import type { LoadDraft } from './load-draft.ts'
import { importWords } from './import-words.ts'
import { tankDurationUs } from './tank-duration.ts'
import { isMap, type TankMap, type TankPath, type TankSection, textOf } from './tank-section.ts'

const MAX_CONNECTIONS = 60_000

/** Imports a pool's `rps` and `startup`: a rate, or users when the rate is unlimited. */
export function importPandoraSchedule(pool: TankSection, draft: LoadDraft): void {
  const { notes } = pool
  const rps = partsOf(pool.take('rps'), pool.at('rps'))
  const startup = partsOf(pool.take('startup'), pool.at('startup'))
  const unlimited = rps.filter(({ map }) => textOf(map['type']) === 'unlimited')
  if (rps.length === 0) {
    notes.problem(pool.at('rps'), 'tank-schedule', 'rps is missing')
    return
  }
  const most = startup.reduce((sum, { map }) => sum + instancesOf(map), 0)
  if (unlimited.length === 0) {
    const words = rps.map(({ map, path }) => wordOf(pool, map, path, 'rps')).join(' ')
    const written = importWords(pool, pool.at('rps'), words, 'schedule')
    if (written !== undefined) draft.load.schedule = written
    if (startup.length > 0) {
      draft.load.maxConnections = Math.min(MAX_CONNECTIONS, Math.max(1, most))
      notes.changed(pool.at('startup'), 'load.maxConnections', 'was the number of instances')
    }
    return
  }
  const lasts = unlimited.reduce((sum, { map }) => sum + durationUs(map['duration']), 0)
  if (unlimited.length < rps.length || lasts === 0) {
    notes.problem(pool.at('rps'), 'tank-schedule', 'unlimited goes alone, and needs a duration')
    return
  }
  notes.changed(
    pool.at('rps'),
    'load.users',
    'was unlimited: each instance sends as fast as it is answered',
  )
  draft.load.users = usersOf(pool, startup, lasts)
  if (startup.length > 0) notes.mapped(pool.at('startup'), 'load.users')
}

interface Part {
  readonly map: TankMap
  readonly path: TankPath
}

function partsOf(value: unknown, path: TankPath): readonly Part[] {
  if (isMap(value)) {
    const nested = value['nested']
    return textOf(value['type']) === 'composite'
      ? partsOf(nested, [...path, 'nested'])
      : [{ map: value, path }]
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  return list.flatMap((entry, at) => (isMap(entry) ? partsOf(entry, [...path, at]) : []))
}

const durationUs = (value: unknown): number => tankDurationUs(textOf(value) ?? '', 's') ?? 0

/** One part as a word of ours; what is wrong in it shows when the words are read. */
function wordOf(pool: TankSection, map: TankMap, path: TankPath, key: string): string {
  const type = textOf(map['type']) ?? ''
  const of = (name: string) => textOf(map[name]) ?? ''
  const time = formatDurationUs(durationUs(map['duration']))
  switch (type) {
    case 'const':
      return `const(${of('ops')},${time})`
    case 'line':
      return `line(${of('from')},${of('to')},${time})`
    case 'step':
      return `step(${of('from')},${of('to')},${of('step')},${time})`
    case 'once':
      return `once(${of('times')})`
    default:
      pool.notes.problem(
        path,
        'tank-schedule',
        `"${type}" is not a type of ${key}; there are const, line, step, once and unlimited`,
      )
      return ''
  }
}

/** How many instances a part of `startup` adds. */
function instancesOf(map: TankMap): number {
  const number = (name: string) => Number(textOf(map[name]) ?? 0)
  const seconds = durationUs(map['duration']) / 1_000_000
  switch (textOf(map['type'])) {
    case 'once':
      return number('times')
    case 'const':
      return Math.floor(number('ops') * seconds)
    case 'line':
      return Math.floor(((number('from') + number('to')) / 2) * seconds)
    case 'instance_step':
      return number('to')
    default:
      return 0
  }
}

/** Each part adds its instances at once or evenly over its time; the rest of the time they stay. */
function usersOf(pool: TankSection, startup: readonly Part[], lastsUs: number): string {
  let restUs = lastsUs
  const words = startup.map(({ map }) => {
    const count = instancesOf(map)
    const us = Math.min(restUs, durationUs(map['duration']))
    if (textOf(map['type']) === 'once' || us === 0) return `once(${count})`
    restUs -= us
    return `ramp(${count},${formatDurationUs(us)})`
  })
  if (words.length === 0)
    pool.notes.problem(pool.path, 'tank-schedule', 'startup is missing: how many instances?')
  return [...words, ...(restUs > 0 ? [`wait(${formatDurationUs(restUs)})`] : [])].join(' ')
}
