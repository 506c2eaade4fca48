import { describe, expect, it } from 'vitest'
import { problemsText } from '../../src/cli/print-problems.ts'
import { readJsonPath } from '../../src/scenario/read-json-path.ts'
import { readLoadFile } from '../../src/scenario/read-load-file.ts'
import { readSizeBytes } from '../../src/scenario/read-size.ts'
import { readTemplate } from '../../src/scenario/read-template.ts'

const read = (load: string, more = '') =>
  readLoadFile(`podtank: 1\n${more}load:\n${load}`, '/shop/l.yaml')

const loadOf = (load: string) => {
  const result = read(load)
  if (!result.ok) throw new Error(problemsText(result.error))
  return result.value.scenario.load
}

const problems = (load: string) => {
  const result = read(load)
  return result.ok ? 'no problem' : problemsText(result.error)
}

describe('load:', () => {
  it('has every key in its normal form', () => {
    expect(
      loadOf(`  users: once(2) wait(1s)
  connections: reuse
  maxRequestsPerConnection: 100
  maxConnectionAge: 1m30s
  timeout: 500ms
  maxConnections: 10
  maxResponseSize: 10kB
  headers: { X-Key: '{{seq}}' }
  csv: data/users.csv
  threads: 2
  pace: spin
  engine: undici
  http: 2
  tls: { insecure: true, ca: ca.pem, cert: /etc/c.pem, key: k.pem, serverName: shop.test }
  requests:
    - method: POST
      path: /pay/{{csv.id}}
      headers: { Accept: text/plain }
      body: '{{uuid}}'
      tag: pay
      weight: 3
      expect:
        status: [200, 50x]
        headers: { X-Cache: HIT }
        body: { contains: ok, not: ['"code":5003', x], json: { 'data.items[0].id': 5, '$': null } }
`),
    ).toEqual({
      schedule: [],
      users: [
        { fromUsers: 2, toUsers: 2, durationUs: 0 },
        { fromUsers: 2, toUsers: 2, durationUs: 1_000_000 },
      ],
      connections: 'reuse',
      maxRequestsPerConnection: 100,
      maxConnectionAgeUs: 90_000_000,
      timeoutUs: 500_000,
      maxConnections: 10,
      maxResponseBytes: 10_000,
      identityHeader: 'x-pod-name',
      headers: { 'X-Key': '{{seq}}' },
      csvPath: '/shop/data/users.csv',
      threads: 2,
      pace: 'spin',
      engine: 'undici',
      http: '2',
      tls: {
        insecure: true,
        caPath: '/shop/ca.pem',
        certPath: '/etc/c.pem',
        keyPath: '/shop/k.pem',
        serverName: 'shop.test',
      },
      requests: [
        {
          method: 'POST',
          path: '/pay/{{csv.id}}',
          headers: { Accept: 'text/plain' },
          body: '{{uuid}}',
          tag: 'pay',
          weight: 3,
          okStatuses: [200, 500, 501, 502, 503, 504, 505, 506, 507, 508, 509],
          okHeaders: { 'x-cache': 'HIT' },
          okBody: {
            contains: ['ok'],
            not: ['"code":5003', 'x'],
            json: [
              { path: ['data', 'items', 0, 'id'], value: 5 },
              { path: [], value: null },
            ],
          },
        },
      ],
    })
  })

  it('takes ammo instead of requests', () => {
    const load = loadOf(`  schedule: const(1,1s)
  http: 1.1
  ammo: { file: ../ammo.gz, format: phantom, loops: 2, limit: 100, expect: { status: 2xx } }
`)
    expect(load.requests).toEqual([])
    expect(load.http).toBe('1.1')
    expect(load.ammo).toMatchObject({ path: '/ammo.gz', format: 'phantom', loops: 2, limit: 100 })
    expect(load.ammo?.expected?.okStatuses).toHaveLength(100)
  })

  it.each([
    ['  timeout: 1s\n', 'load: schedule (requests per second) or users is missing'],
    ['  schedule: const(1,1s)\n  users: const(1,1s)\n', 'either schedule or users, not both'],
    ['  users: once(1)\n', 'load.users: it lasts no time: add wait(time)'],
    ['  schedule: const(1,1s)\n  http: 2\n  engine: raw\n', 'raw speaks HTTP/1.1 only'],
    ['  schedule: const(1,1s)\n  http: 3\n', 'load.http: must be 1.1 or 2'],
    ['  schedule: const(1,1s)\n  tls: { cert: a }\n', 'cert and key belong together'],
    ['  schedule: const(1,1s)\n  threads: 65\n', 'must be at most 64'],
    ['  schedule: const(1,1s)\n  maxRequestsPerConnection: 0\n', 'must be at least 1'],
    ['  schedule: const(1,1s)\n  maxResponseSize: 5 stones\n', 'must be a size such as 64MiB'],
    ['  schedule: const(1,1s)\n  headers: { X-A: é }\n', 'must be plain ASCII'],
    ['  schedule: const(1,1s)\n  ammo: { file: a, format: csv }\n', 'load.ammo.format'],
    [
      '  schedule: const(1,1s)\n  requests: [GET /]\n  ammo: { file: a, format: uri }\n',
      'either requests or ammo, not both',
    ],
    [
      `  schedule: const(1,1s)\n  headers: { a: '{{seq}}' }\n  ammo: { file: a, format: uri }\n`,
      'variables are for requests, not for ammo',
    ],
    [`  schedule: const(1,1s)\n  requests: ['/{{csv.id}}']\n`, 'csv is missing'],
    [
      '  schedule: const(1,1s)\n  requests: [{ path: /, expect: { body: { json: { "a[x]": 1 } } } }]\n',
      'must be a path such as data.items[0].id',
    ],
    [
      '  schedule: const(1,1s)\n  requests: [{ path: /, expect: { status: 2x } }]\n',
      'must be a status',
    ],
    ['  schedul: const(1,1s)\n', 'did you mean "schedule"?'],
  ])('refuses %j', (load, message) => {
    expect(problems(load)).toContain(message)
  })

  it('points at an unknown variable', () => {
    expect(problems(`  schedule: const(1,1s)\n  requests:\n    - POST /a/{{sq}}\n`)).toBe(
      `error: /shop/l.yaml:5:15: load.requests[0]: {{sq}} is not a variable; there are seq, uuid, random, random(low,high) and csv.COLUMN
      - POST /a/{{sq}}
                ^^^^^^`,
    )
  })
})

describe('a load file', () => {
  it('needs only its load', () => {
    const result = readLoadFile('podtank: 1\nload: { schedule: "const(1,1s)" }\n', 'My Load!.yaml')
    expect(result).toMatchObject({
      ok: true,
      value: {
        scenario: { name: 'my-load', steps: [], expectations: [{ text: 'failed == 0' }] },
        ignored: [],
      },
    })
  })

  it('may say where the load goes, what to expect and when to stop', () => {
    const result = read(
      '  schedule: const(1,1s)\n',
      `name: peak
target: { through: 'https://shop.test:8443' }
expect: ['p99<50ms', 'failed == 0 during steady', 'rate >= 95/s']
stop: ['http(5xx,10%,10s)']
`,
    )
    expect(result).toMatchObject({
      ok: true,
      value: {
        url: 'https://shop.test:8443',
        ignored: [],
        scenario: {
          name: 'peak',
          stopCriteria: [{ kind: 'http', text: 'http(5xx,10%,10s)' }],
          expectations: [
            { metric: { name: 'responseTime', quantile: 0.99 }, limit: 50_000 },
            { text: 'failed == 0 during steady' },
            { metric: { name: 'rate' }, limit: 95, unit: 'per-second' },
          ],
        },
      },
    })
    expect(result.ok && result.value.scenario.expectations[1]?.scope).toBeUndefined()
    expect(result.ok && 'changed' in result.value.scenario).toBe(false)
  })

  it('may be a whole scenario, of which it says what is ignored', () => {
    const result = read(
      '  schedule: const(1,1s)\n',
      `name: whole
target: { workload: deployment/web, through: service/web, namespace: shop }
steps: [{ wait: 1s }]
manifests: [web.yaml]
lab: {}
`,
    )
    expect(result).toMatchObject({
      ok: true,
      value: {
        ignored: [
          'target.workload',
          'target.namespace',
          'target.through',
          'steps',
          'manifests',
          'lab',
        ],
      },
    })
    expect(result.ok && 'url' in result.value).toBe(false)
  })

  it.each(['failed == 0 after scale', 'failed == 0 during restore', 'recovery < 5s'])(
    'refuses %s: a load alone has no steps',
    (text) => {
      const result = read('  schedule: const(1,1s)\n', `expect: ['${text}']\n`)
      expect(result.ok ? '' : problemsText(result.error)).toContain(
        `/shop/l.yaml:2:10: expect[0]: "${text}" speaks of steps, and a load alone has none`,
      )
    },
  )

  it('tells of a stop criterion that is none', () => {
    const result = read('  schedule: const(1,1s)\n', `stop:\n  - httb(5xx,10%,10s)\n`)
    expect(result.ok ? '' : problemsText(result.error)).toMatch(/l\.yaml:3:5: stop\[0\]: .*httb/)
  })
})

describe('the words in it', () => {
  it.each([
    ['data.items[0].id', ['data', 'items', 0, 'id']],
    ['$.a', ['a']],
    ['[3][4]', [3, 4]],
    ['a["b.c"].d', ['a', 'b.c', 'd']],
    ['$', []],
    ['a..b', undefined],
    ['a[b]', undefined],
    ['a.', undefined],
  ])('the path %s is %j', (text, path) => {
    expect(readJsonPath(text)).toEqual(path)
  })

  it.each([
    ['64MiB', 67_108_864],
    ['10 kB', 10_000],
    ['1.5GB', 1_500_000_000],
    ['512B', 512],
    ['7', undefined],
    ['7iB', undefined],
  ])('the size %s is %j', (text, bytes) => {
    expect(readSizeBytes(text)).toBe(bytes)
  })

  it.each([
    ['{"a":{"b":1}}', ['{"a":{"b":1}}']],
    [
      'a{{ seq }}b{{random( 1, 6 )}}',
      ['a', { name: 'seq' }, 'b', { name: 'random', low: 1, high: 6 }],
    ],
    ['{{csv.first name}}', [{ name: 'csv', column: 'first name' }]],
    ['', []],
  ])('the template %j is %j', (text, template) => {
    expect(readTemplate(text)).toEqual(template)
  })

  it.each(['{{random(6,1)}}', '{{random(0,9999999999)}}', '{{csv.}}', '{{}}', 'x{{Seq}}'])(
    'the template %s is refused',
    (text) => {
      expect(readTemplate(text)).toHaveProperty('message')
    },
  )
})
