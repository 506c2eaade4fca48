import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { problemsText } from '../../../src/cli/print-problems.ts'
import { readLoadFile } from '../../../src/scenario/read-load-file.ts'
import { importTank } from '../../../src/scenario/tank/import-tank.ts'
import { TANK_CONFIGS } from './tank-configs.ts'

const imported = (text: string, out?: string) => {
  const result = importTank(text, '/tank/load.yaml', out)
  if (!result.ok) throw new Error(problemsText(result.error))
  return result.value
}

const refused = (text: string): string => {
  const result = importTank(text, 'load.yaml')
  return result.ok ? 'taken' : problemsText(result.error)
}

/** The path of each value that is no map or list with something in it. */
const leaves = (value: unknown, path = ''): readonly string[] =>
  Array.isArray(value) && value.length > 0
    ? value.flatMap((entry, at) => leaves(entry, `${path}[${at}]`))
    : typeof value === 'object' && value !== null && Object.keys(value).length > 0
      ? Object.entries(value).flatMap(([key, of]) =>
          leaves(of, path === '' ? key : `${path}.${key}`),
        )
      : [path]

const configs = Object.entries(TANK_CONFIGS)

describe('podtank import tank', () => {
  it.each(configs)(
    'makes a load file of "%s", and says of each key what became of it',
    async (name, text) => {
      const { yaml, notes } = imported(text)
      const said = notes
        .map(({ line, column, what, path, text: of }) => `${line}:${column} ${what} ${path}: ${of}`)
        .join('\n')
      await expect(`${yaml}\n${said}\n`).toMatchFileSnapshot(`expected/${name}.txt`)
    },
  )

  it.each(configs)('makes what podtank itself reads of "%s"', (_, text) => {
    const read = readLoadFile(imported(text).yaml, '/tank/scenario.yaml')
    expect(read.ok ? '' : problemsText(read.error)).toBe('')
    expect(read.ok && read.value.ignored).toEqual([])
    expect(read.ok && read.value.url).toMatch(/^https?:/)
  })

  it.each(configs)('leaves no key of "%s" unsaid', (_, text) => {
    const said = imported(text).notes.map(({ path }) => path)
    const unsaid = leaves(parse(text))
      .filter((leaf) => !/\.(?:enabled|package)$/.test(leaf))
      .filter((leaf) => !said.some((path) => leaf.startsWith(path) || path.startsWith(leaf)))
    expect(unsaid).toEqual([])
  })

  it('writes paths as they are seen from where the result goes', () => {
    const text = TANK_CONFIGS['everything'] ?? ''
    const read = readLoadFile(
      imported(text, '/scenarios/pay/load.yaml').yaml,
      '/scenarios/pay/load.yaml',
    )
    expect(read.ok && read.value.scenario.load).toMatchObject({
      ammo: { path: '/tank/ammo/pay.gz' },
      tls: { certPath: '/tank/certs/client.pem', keyPath: '/tank/certs/client.key' },
    })
  })

  it.each([
    ['[phantom]\naddress=example.com\n', /INI file.*\n.*yandex-tank-converter/],
    ['phantom: {}\n', /load.yaml:1:10: phantom: address is missing/],
    ['jmeter: { jmx: plan.jmx }\n', /load.yaml:1:\d+: jmeter: JMeter runs its own test plan/],
    ['console: {}\n', /neither phantom nor pandora/],
    ['- 1\n', /not a config of Yandex.Tank/],
    ['phantom: { address: "a b" }\n', /"a b" is not an address/],
    [
      'phantom:\n  address: a:80\n  uris: [/]\n  load_profile: { load_type: stpd_file, schedule: a.stpd }\n',
      /load.yaml:4:\d+: phantom.load_profile.load_type: "stpd_file" cannot be imported/,
    ],
    [
      'phantom:\n  address: a:80\n  uris: [/]\n  load_profile: { load_type: rps, schedule: "lin(1,2,3s)" }\n',
      /load.yaml:4:\d+: phantom.load_profile.schedule: "lin" is not a schedule word/,
    ],
    [
      'phantom:\n  address: a:80\n  uris: [/]\n  rps_schedule: const(1,10s)\nautostop:\n  autostop: [ "http(5xx,1,5s" ]\n',
      /load.yaml:6:15: autostop.autostop\[0\]: a closing parenthesis is missing/,
    ],
    ['phantom:\n  address: a:80\n  rps_schedule: const(1,1s)\n', /neither uris nor ammofile/],
    [
      'phantom:\n  address: a:80\n  rps_schedule: const(1,1s)\n  ammofile: a\n  ammo_type: caseline\n',
      /load.yaml:5:14: phantom.ammo_type: "caseline" ammo cannot be read/,
    ],
    ['pandora: { config_file: pandora.yaml }\n', /config is in a file of its own/],
    [
      'pools: [ { gun: { type: grpc, target: "a:1" }, ammo: { uris: [/] }, rps: { type: const, ops: 1, duration: 1s } } ]\n',
      /pools\[0\].gun.type: "grpc" cannot be imported/,
    ],
  ])('refuses %j', (text, message) => {
    expect(refused(text)).toMatch(message)
  })

  it('either refuses or makes what podtank reads, whatever the values are', () => {
    const scalar = fc.oneof(
      fc.constantFrom(
        '/',
        '1.0',
        'close',
        '[Host: a]',
        ';:',
        'const(1,1s)',
        'line(1,2,3)',
        'http(5xx,1,1)',
        '{{x}}',
        '%',
        'http://x/y z',
        -1,
        0,
        1e9,
        true,
        null,
      ),
      fc.string(),
    )
    const value = fc.oneof(
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      fc.dictionary(fc.string(), scalar, { maxKeys: 2 }),
    )
    const keys = [
      'address',
      'port',
      'ssl',
      'timeout',
      'instances',
      'headers',
      'uris',
      'header_http',
      'ammofile',
      'ammo_type',
      'loop',
      'threads',
      'multi',
      'load_profile',
    ]
    const phantom = fc.dictionary(fc.constantFrom(...keys), value, { minKeys: 1, maxKeys: 2 })
    const base = { address: 'a:80', uris: ['/'], rps_schedule: 'const(1,1s)' }
    fc.assert(
      fc.property(phantom, value, value, (changes, autostop, other) => {
        const text = stringify({ phantom: { ...base, ...changes }, autostop: { autostop }, other })
        const result = importTank(text, '/tank/load.yaml')
        if (result.ok) expect(readLoadFile(result.value.yaml, '/tank/x.yaml').ok).toBe(true)
        else expect(result.error.map(({ code }) => code)).not.toContain('import-not-readable')
      }),
      { numRuns: 500 },
    )
  })
})
