import { isPort, readTankAddress, throughOf } from './import-address.ts'
import { importAmmo } from './import-ammo.ts'
import { importConnections, importLimits } from './import-phantom-limits.ts'
import { importProfile } from './import-phantom-profile.ts'
import { importHeaders, importUris } from './import-requests.ts'
import type { LoadDraft } from './load-draft.ts'
import { PHANTOM_DROPPED } from './tank-dropped.ts'
import { isOn, type TankSection, textOf, wholeOf } from './tank-section.ts'

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
  if (port !== undefined && !isPort(port)) {
    notes.problem(section.at('port'), 'tank-address', `${port} is not a port from 1 to 65535`)
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
