import { readTankAddress, throughOf } from './import-address.ts'
import { importAmmo } from './import-ammo.ts'
import { importPandoraSchedule } from './import-pandora-schedule.ts'
import { importHeaders, importUris } from './import-requests.ts'
import type { LoadDraft } from './load-draft.ts'
import { isMap, isOn, TankSection, textOf } from './tank-section.ts'

const OUTSIDE: Readonly<Record<string, string>> = {
  affinity: 'start podtank under taskset',
  buffered_seconds: 'results are there at once',
  expvar: 'the live view and the recording say more',
  pandora_cmd: 'podtank has no other program to launch',
  report_file: 'podtank load --requests phout writes one',
  resource: 'fetch it yourself first',
  resources: 'fetch it yourself first',
}

/** Keys of an http gun that mean nothing here, and why. */
const GUN_DROPPED: Readonly<Record<string, string>> = {
  answlog: 'failures are in the recording, whole',
  'auto-tag': 'tags come from the requests, not from their paths',
  'connect-ssl': 'not needed',
  dial: 'connecting counts into load.timeout',
  'dns-cache': 'names are resolved once, before the start',
  httptrace: 'connecting, waiting and receiving are in --requests phout',
  'idle-conn-timeout': 'see load.maxConnectionAge',
  'response-header-timeout': 'load.timeout is for a whole request',
  'shared-client': 'all connections are shared',
  'tls-handshake-timeout': 'connecting counts into load.timeout',
}

/** Imports pandora's section: its `config_content`, of which the first pool. */
export function importPandora(section: TankSection, draft: LoadDraft): void {
  const content = section.take('config_content')
  const file = section.take('config_file')
  section.take('enabled')
  section.take('package')
  section.drop(OUTSIDE)
  section.dropUnknown()
  if (isMap(content)) {
    importContent(new TankSection(content, section.at('config_content'), section.notes), draft)
  } else {
    section.notes.problem(
      section.path,
      'tank-pandora',
      file === undefined
        ? 'config_content is missing'
        : "config_file: pandora's config is in a file of its own",
      "import that file: podtank import tank reads pandora's pools too",
    )
  }
}

/** Imports pandora's own config. */
export function importContent(content: TankSection, draft: LoadDraft): void {
  const pools = content.take('pools')
  content.drop({
    log: 'podtank has its own log',
    monitoring: 'the live view and the recording say more',
    cli: "the command line is podtank's own",
    pprof: 'not needed',
  })
  content.dropUnknown()
  const list: readonly unknown[] = Array.isArray(pools) ? pools : []
  const [first] = list
  if (!isMap(first)) {
    content.notes.problem(content.path, 'tank-pandora', 'pools is missing')
    return
  }
  importPool(new TankSection(first, content.at('pools', 0), content.notes), draft)
  for (const at of list.keys()) {
    if (at > 0)
      content.notes.dropped(
        content.at('pools', at),
        'a second load; import it into a file of its own',
      )
  }
}

function importPool(pool: TankSection, draft: LoadDraft): void {
  const gun = pool.take('gun')
  const ammo = pool.take('ammo')
  if (isMap(gun)) importGun(new TankSection(gun, pool.at('gun'), pool.notes), draft)
  else pool.notes.problem(pool.path, 'tank-pandora', 'gun is missing')
  if (isMap(ammo)) importPandoraAmmo(new TankSection(ammo, pool.at('ammo'), pool.notes), draft)
  else pool.notes.problem(pool.path, 'tank-pandora', 'ammo is missing')
  importPandoraSchedule(pool, draft)
  pool.drop({
    id: 'not needed',
    result: 'podtank load --requests phout writes one',
    discard_overflow:
      'a request that finds no free connection is counted as not sent, by its reason',
    'rps-per-instance': 'the rate is that of the whole load',
  })
  pool.dropUnknown()
}

function importGun(gun: TankSection, draft: LoadDraft): void {
  const { notes } = gun
  const type = textOf(gun.take('type')) ?? 'http'
  const target = textOf(gun.take('target'))
  const isTls = isOn(gun.take('ssl'))
  if (type !== 'http') {
    notes.problem(gun.at('type'), 'tank-gun', `"${type}" cannot be imported`, 'there is http')
  } else notes.mapped(gun.at('type'), 'load')
  const address = readTankAddress(target ?? '')
  if (!address) {
    notes.problem(
      gun.at('target'),
      'tank-address',
      target === undefined ? 'is missing' : `"${target}" is not an address, such as example.com:80`,
    )
  } else {
    draft.through = throughOf(address, isTls)
    notes.mapped(gun.at('target'), 'target.through')
  }
  if (isTls) {
    draft.load.tls = { insecure: true }
    notes.changed(
      gun.at('ssl'),
      'load.tls',
      'pandora verifies no certificate; take insecure out and podtank does',
    )
  } else if (gun.take('ssl') !== undefined) notes.mapped(gun.at('ssl'), 'target.through')
  const closes = gun.take('disable-keep-alives')
  draft.load.connections = isOn(closes) ? 'new' : 'reuse'
  if (closes !== undefined) notes.mapped(gun.at('disable-keep-alives'), 'load.connections')
  notes.comment('load.timeout', "pandora waits without an end; this is podtank's default")
  draft.load.timeout = '5s'
  gun.drop(GUN_DROPPED)
  gun.dropUnknown()
}

function importPandoraAmmo(ammo: TankSection, draft: LoadDraft): void {
  importHeaders(ammo, 'headers', draft.load)
  importUris(ammo, 'uris', draft.load)
  const source = ammo.take('source')
  const merged = isMap(source) && textOf(source['type']) === 'file' ? source['path'] : undefined
  const keys = { file: 'file', type: 'type', defaultType: 'uri', limit: 'limit', loops: 'passes' }
  if (merged !== undefined && ammo.take('file') === undefined) {
    ammo.notes.mapped(ammo.at('source'), 'load.ammo.file')
    importAmmo(
      new TankSection(
        {
          file: merged,
          type: ammo.take('type'),
          limit: ammo.take('limit'),
          passes: ammo.take('passes'),
        },
        ammo.path,
        ammo.notes,
      ),
      draft.load,
      keys,
    )
  } else importAmmo(ammo, draft.load, keys)
  if (!draft.load.ammo && !draft.load.requests) {
    ammo.notes.problem(ammo.path, 'tank-no-requests', 'neither file nor uris says what to send')
  }
  ammo.take('type')
  ammo.drop({
    chosencases: 'take the tags out of the ammo that shall not be sent',
    'continue-on-error': 'a broken ammo file ends the load, with the line that is wrong',
    maxammosize: 'not needed',
    preload: 'ammo is read as it is needed',
  })
  ammo.dropUnknown()
}
