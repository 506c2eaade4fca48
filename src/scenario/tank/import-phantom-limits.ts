import { formatDurationUs } from '../../base/units.ts'
import type { LoadDraft } from './load-draft.ts'
import { tankDurationUs } from './tank-duration.ts'
import { type TankSection, textOf, wholeOf } from './tank-section.ts'

const DEFAULT_TIMEOUT = '11s'
const DEFAULT_INSTANCES = 1_000
const MAX_CONNECTIONS = 60_000
const MAX_THREADS = 64

/** Imports phantom's limits: timeout, instances, threads. */
export function importLimits(
  section: TankSection,
  draft: LoadDraft,
  kind: 'schedule' | 'users',
): void {
  importTimeout(section, draft)
  importInstances(section, draft)
  if (kind === 'schedule') {
    section.notes.comment(
      'load.maxConnections',
      'a request that finds no free connection is counted; in Tank it waits unseen',
    )
  }
  const threads = wholeOf(section.take('threads'))
  if (threads === undefined || threads < 1) return
  draft.load.threads = Math.min(threads, MAX_THREADS)
  section.notes.mapped(section.at('threads'), 'load.threads')
}

function importTimeout(section: TankSection, draft: LoadDraft): void {
  const { notes } = section
  const path = section.at('timeout')
  const timeout = textOf(section.take('timeout'))
  const us = tankDurationUs(timeout ?? DEFAULT_TIMEOUT, 's')
  if (us === undefined || us === 0) {
    notes.problem(path, 'tank-timeout', `"${timeout ?? ''}" is not a duration above 0`)
    return
  }
  draft.load.timeout = formatDurationUs(us)
  if (timeout === undefined) notes.comment('load.timeout', "phantom's default")
  else if (/^[\d.]+$/.test(timeout)) {
    notes.changed(path, 'load.timeout', `was ${timeout}, in seconds`)
  } else notes.mapped(path, 'load.timeout')
}

function importInstances(section: TankSection, draft: LoadDraft): void {
  const { notes } = section
  const path = section.at('instances')
  const instances = wholeOf(section.take('instances'))
  draft.load.maxConnections = Math.min(instances ?? DEFAULT_INSTANCES, MAX_CONNECTIONS)
  if (instances === undefined) {
    notes.comment('load.maxConnections', "phantom's default for instances")
  } else if (instances < 1) notes.problem(path, 'tank-instances', 'must be at least 1')
  else if (instances > MAX_CONNECTIONS) {
    const text = `was ${instances}; there are no more ports towards one address`
    notes.changed(path, 'load.maxConnections', text)
  } else notes.mapped(path, 'load.maxConnections')
}

/** HTTP/1.0, phantom's default, closes the connection after each answer. */
export function importConnections(
  section: TankSection,
  draft: LoadDraft,
  connection: string | undefined,
): void {
  const { notes } = section
  const version = textOf(section.take('header_http'))
  const isOld = (version ?? '1.0') === '1.0'
  const format = draft.load.ammo?.format
  if (format === 'phantom') {
    draft.load.connections = 'reuse'
    notes.comment('load.connections', 'a request of the ammo that says Connection: close gets it')
    if (version !== undefined)
      notes.dropped(
        section.at('header_http'),
        'the requests of the ammo say their version themselves',
      )
    return
  }
  const closes = connection === undefined ? isOld : connection.includes('close')
  draft.load.connections = closes ? 'new' : 'reuse'
  if (closes && connection === undefined) {
    notes.comment(
      'load.connections',
      'was HTTP/1.0, which closes after each answer; podtank speaks HTTP/1.1',
    )
  } else if (isOld) notes.comment('load.connections', 'was HTTP/1.0; podtank speaks HTTP/1.1')
  if (version === undefined) return
  if (isOld) notes.changed(section.at('header_http'), 'load.connections', 'podtank speaks HTTP/1.1')
  else notes.mapped(section.at('header_http'), 'load (podtank speaks HTTP/1.1)')
}
