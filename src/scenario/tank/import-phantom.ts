import { formatDurationUs } from '../../base/units.ts'
import { readTankAddress, throughOf } from './import-address.ts'
import { importAmmo } from './import-ammo.ts'
import { importHeaders, importUris, linesOf } from './import-requests.ts'
import { importWords } from './import-words.ts'
import type { LoadDraft } from './load-draft.ts'
import { PHANTOM_DROPPED } from './tank-dropped.ts'
import { tankDurationUs } from './tank-duration.ts'
import { isMap, isOn, type TankSection, textOf, wholeOf } from './tank-section.ts'

const DEFAULT_TIMEOUT = '11s'
const DEFAULT_INSTANCES = 1_000
const MAX_CONNECTIONS = 60_000
const MAX_THREADS = 64

/** Imports phantom's section: address, TLS, schedule, limits, requests. */
export function importPhantom(section: TankSection, draft: LoadDraft): void {
  importTarget(section, draft)
  const kind = importProfile(section, draft)
  importLimits(section, draft, kind)
  const { connection } = importHeaders(section, 'headers', draft.load)
  importUris(section, 'uris', draft.load)
  importAmmo(section, draft.load, {
    file: 'ammofile',
    type: 'ammo_type',
    defaultType: 'phantom',
    limit: 'ammo_limit',
    loops: 'loop',
  })
  importConnections(section, draft, connection)
  if (!draft.load.requests && !draft.load.ammo) {
    section.notes.problem(
      section.path,
      'tank-no-requests',
      'neither uris nor ammofile says what to send',
    )
  }
  const multi = section.take('multi')
  if (Array.isArray(multi)) {
    for (const at of multi.keys())
      section.notes.dropped(
        section.at('multi', at),
        'a second load; import it into a file of its own',
      )
  }
  section.drop(PHANTOM_DROPPED)
  section.take('enabled')
  section.take('package')
  section.dropUnknown()
}

function importTarget(section: TankSection, draft: LoadDraft): void {
  const { notes } = section
  const given = textOf(section.take('address'))
  const isTls = isOn(section.take('ssl'))
  const port = wholeOf(section.take('port'))
  const address = readTankAddress(given ?? '')
  if (!address) {
    const said =
      given === undefined
        ? 'address is missing'
        : `"${given}" is not an address, such as example.com:80`
    notes.problem(given === undefined ? section.path : section.at('address'), 'tank-address', said)
    return
  }
  const reached = { ...address, ...(port !== undefined && { port }) }
  draft.through = throughOf(reached, isTls)
  if (isTls && reached.port === undefined) {
    notes.changed(
      section.at('address'),
      'target.through',
      'no port is given: 443, where Tank takes 80',
    )
  } else notes.mapped(section.at('address'), 'target.through')
  if (port !== undefined) notes.mapped(section.at('port'), 'target.through')
  importTls(section, draft, isTls)
}

function importTls(section: TankSection, draft: LoadDraft, isTls: boolean): void {
  const { notes } = section
  const cert = textOf(section.take('client_certificate'))
  const key = textOf(section.take('client_key'))
  if (section.take('ssl') === undefined) return
  if (!isTls) {
    notes.mapped(section.at('ssl'), 'target.through')
    return
  }
  draft.load.tls = { insecure: true, ...(cert !== undefined && key !== undefined && { cert, key }) }
  notes.changed(
    section.at('ssl'),
    'load.tls',
    'phantom verifies no certificate; take insecure out and podtank does',
  )
  if (cert !== undefined) notes.mapped(section.at('client_certificate'), 'load.tls.cert')
  if (key !== undefined) notes.mapped(section.at('client_key'), 'load.tls.key')
}

/** Gives what the load is made of. */
function importProfile(section: TankSection, draft: LoadDraft): 'schedule' | 'users' {
  const { notes } = section
  const profile = section.take('load_profile')
  const words = (value: unknown) => linesOf(value).join(' ')
  if (isMap(profile)) {
    const type = textOf(profile['load_type']) ?? 'rps'
    const path = section.at('load_profile', 'schedule')
    if (profile['load_type'] !== undefined)
      notes.mapped(
        section.at('load_profile', 'load_type'),
        `load.${type === 'instances' ? 'users' : 'schedule'}`,
      )
    if (type !== 'rps' && type !== 'instances') {
      notes.problem(
        section.at('load_profile', 'load_type'),
        'tank-profile',
        `"${type}" cannot be imported`,
        type === 'stpd_file'
          ? 'an stpd file holds requests and times in one; import the config from which it was made'
          : 'there are rps and instances',
      )
      return 'schedule'
    }
    const kind = type === 'rps' ? 'schedule' : 'users'
    return takeWords(section, draft, kind, words(profile['schedule']), path)
  }
  const users = section.take('instances_schedule')
  const rps = section.take('rps_schedule')
  if (rps !== undefined) {
    return takeWords(section, draft, 'schedule', words(rps), section.at('rps_schedule'))
  }
  if (users !== undefined) {
    return takeWords(section, draft, 'users', words(users), section.at('instances_schedule'))
  }
  notes.problem(
    section.path,
    'tank-profile',
    'load_profile is missing: how many requests a second?',
  )
  return 'schedule'
}

function takeWords(
  section: TankSection,
  draft: LoadDraft,
  kind: 'schedule' | 'users',
  text: string,
  path: readonly (string | number)[],
): 'schedule' | 'users' {
  const written = importWords(section, path, text, kind)
  if (written === undefined) return kind
  if (kind === 'schedule') draft.load.schedule = written
  else {
    draft.load.users = written
    section.notes.comment(
      'load.users',
      'Tank goes on until its ammo is used up; podtank until the words end',
    )
  }
  return kind
}

function importLimits(section: TankSection, draft: LoadDraft, kind: 'schedule' | 'users'): void {
  const { notes } = section
  const timeout = textOf(section.take('timeout'))
  const us = tankDurationUs(timeout ?? DEFAULT_TIMEOUT, 's')
  if (us === undefined || us === 0)
    notes.problem(section.at('timeout'), 'tank-timeout', `"${timeout ?? ''}" is not a duration`)
  else draft.load.timeout = formatDurationUs(us)
  if (timeout === undefined) notes.comment('load.timeout', "phantom's default")
  else if (us !== undefined) {
    if (/^[\d.]+$/.test(timeout))
      notes.changed(section.at('timeout'), 'load.timeout', `was ${timeout}, in seconds`)
    else notes.mapped(section.at('timeout'), 'load.timeout')
  }
  const instances = wholeOf(section.take('instances'))
  if (instances !== undefined && instances < 1) {
    notes.problem(section.at('instances'), 'tank-instances', 'must be at least 1')
  } else {
    draft.load.maxConnections = Math.min(instances ?? DEFAULT_INSTANCES, MAX_CONNECTIONS)
    if (instances === undefined)
      notes.comment('load.maxConnections', "phantom's default for instances")
    else if (instances > MAX_CONNECTIONS)
      notes.changed(
        section.at('instances'),
        'load.maxConnections',
        `was ${instances}; there are no more ports towards one address`,
      )
    else notes.mapped(section.at('instances'), 'load.maxConnections')
    if (kind === 'schedule')
      notes.comment(
        'load.maxConnections',
        'a request that finds no free connection is counted; in Tank it waits unseen',
      )
  }
  const threads = wholeOf(section.take('threads'))
  if (threads !== undefined && threads >= 1) {
    draft.load.threads = Math.min(threads, MAX_THREADS)
    notes.mapped(section.at('threads'), 'load.threads')
  }
}

/** HTTP/1.0, phantom's default, closes the connection after each answer. */
function importConnections(
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
  else notes.mapped(section.at('header_http'), 'load.http')
}
