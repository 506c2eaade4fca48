import { describe, expect, it } from 'vitest'
import { problemsText } from '../../src/cli/print-problems.ts'
import { readScenario } from '../../src/scenario/read-scenario.ts'

const SMALLEST = `podtank: 1
name: small
target: { workload: deployment/web, through: service/web }
load: { schedule: 'const(10,5s)' }
steps:
  - wait: 1s
`

const problems = (text: string): string => {
  const read = readScenario(text, 's.yaml')
  return read.ok ? 'no problem' : problemsText(read.error)
}

const scenario = (text: string) => {
  const read = readScenario(text, '/shop/s.yaml')
  if (!read.ok) throw new Error(problemsText(read.error))
  return read.value
}

describe('a scenario file', () => {
  it('gets every default', () => {
    expect(scenario(SMALLEST)).toEqual({
      name: 'small',
      changed: {
        workload: { kind: 'deployment', name: 'web' },
        through: { kind: 'service', name: 'web' },
      },
      load: {
        schedule: [{ word: 'const', ratePerSecond: 10, durationUs: 5_000_000 }],
        connections: 'both',
        timeoutUs: 5_000_000,
        maxConnections: 4_096,
        identityHeader: 'x-pod-name',
        requests: [{ method: 'GET', path: '/', headers: {}, weight: 1, okStatuses: [] }],
      },
      steps: [{ type: 'wait', durationUs: 1_000_000, label: 'wait 1s', line: 6 }],
      expectations: [
        {
          text: 'failed == 0',
          metric: { name: 'failed' },
          filter: {},
          operator: '==',
          limit: 0,
          unit: 'count',
        },
      ],
      manifests: [],
    })
  })

  it('reads every step', () => {
    const { steps } = scenario(
      SMALLEST.replace(
        '  - wait: 1s\n',
        `  - wait: settled
  - wait: ready
  - scale: { replicas: 3 }
  - restart:
  - image: { image: nginx:2, container: web }
  - patch: { template: { spec: { terminationGracePeriodSeconds: 5 } }, strategy: { type: Recreate } }
  - delete pods: { count: 50%, gracePeriodSeconds: 0 }
  - delete pods: { count: all }
  - undo:
  - undo: { toRevision: 3 }
  - evict: { count: all, timeout: 20s }
  - evict: { gracePeriodSeconds: 0 }
  - cordon: { node: node-1 }
  - drain: { node: node-1, gracePeriodSeconds: 5, timeout: 2m }
  - drain:
`,
      ),
    )
    expect(steps.map(({ label, line, ...action }) => ({ ...action, label, line }))).toEqual([
      {
        type: 'wait-until',
        state: 'settled',
        timeoutUs: 300_000_000,
        label: 'wait settled',
        line: 6,
      },
      { type: 'wait-until', state: 'ready', timeoutUs: 300_000_000, label: 'wait ready', line: 7 },
      { type: 'scale', replicas: 3, label: 'scale to 3', line: 8 },
      { type: 'restart', label: 'restart', line: 9 },
      { type: 'image', image: 'nginx:2', container: 'web', label: 'image nginx:2', line: 10 },
      {
        type: 'patch',
        podTemplate: { spec: { terminationGracePeriodSeconds: 5 } },
        strategy: { type: 'Recreate' },
        label: 'patch',
        line: 11,
      },
      {
        type: 'delete-pods',
        pods: { unit: 'percent', percent: 50 },
        gracePeriodSeconds: 0,
        label: 'delete pods 50% (force)',
        line: 12,
      },
      {
        type: 'delete-pods',
        pods: { unit: 'percent', percent: 100 },
        label: 'delete pods all',
        line: 13,
      },
      { type: 'undo', label: 'undo', line: 14 },
      { type: 'undo', toRevision: 3, label: 'undo to revision 3', line: 15 },
      {
        type: 'evict',
        pods: { unit: 'percent', percent: 100 },
        timeoutUs: 20_000_000,
        label: 'evict all',
        line: 16,
      },
      {
        type: 'evict',
        pods: { unit: 'pods', count: 1 },
        timeoutUs: 60_000_000,
        gracePeriodSeconds: 0,
        label: 'evict 1 (force)',
        line: 17,
      },
      { type: 'cordon', node: 'node-1', label: 'cordon node-1', line: 18 },
      {
        type: 'drain',
        node: 'node-1',
        timeoutUs: 120_000_000,
        gracePeriodSeconds: 5,
        label: 'drain node-1',
        line: 19,
      },
      { type: 'drain', timeoutUs: 60_000_000, label: 'drain', line: 20 },
    ])
  })

  it('may send the load to an https address', () => {
    const text = SMALLEST.replace('service/web', "'https://shop.test:8443'")
    expect(scenario(text).changed.through).toEqual({ kind: 'url', url: 'https://shop.test:8443' })
  })

  it('may say how large the lab is, and how its network is made', () => {
    expect(scenario(`${SMALLEST}lab: { nodes: 2, network: kernel }\n`).lab).toEqual({
      seed: 1,
      nodes: 2,
      network: 'kernel',
    })
  })

  it('names manifests relative to itself', () => {
    expect(scenario(`${SMALLEST}manifests: [web.yaml, ../db.yaml]\n`).manifests).toEqual([
      '/shop/web.yaml',
      '/db.yaml',
    ])
  })

  it('tells every problem at once, with line, column, caret and the nearest key', () => {
    expect(
      problems(`podtank: 1
name: nginx-sigterm
targt:
  workload: deployment/web
load:
  schedule: line(1,100,10s) cosnt(100,40s)
  timeout: 5
  requests:
    - GET /
    - { metod: POST, path: /pay }
steps:
  - wiat: 10s
  - scale: { replica: 1 }
expect:
  - failed = 0
`),
    ).toBe(`error: s.yaml:3:1: "targt" is not a key here
  targt:
  ^^^^^
  hint: did you mean "target"?
error: s.yaml:6:29: load.schedule: "cosnt" is not a schedule word; there are const, line, step and once
    schedule: line(1,100,10s) cosnt(100,40s)
                              ^^^^^^^^^^^^^^
error: s.yaml:7:12: load.timeout: must be a duration with a unit, such as 250ms, 10s or 1m30s
    timeout: 5
             ^
error: s.yaml:10:9: load.requests[1]: "metod" is not a key here
      - { metod: POST, path: /pay }
          ^^^^^
  hint: did you mean "method"?
error: s.yaml:12:5: steps[0]: "wiat" is not a key here
    - wiat: 10s
      ^^^^
  hint: did you mean "wait"?
error: s.yaml:13:14: steps[1].scale: "replica" is not a key here
    - scale: { replica: 1 }
               ^^^^^^^
  hint: did you mean "replicas"?
error: s.yaml:15:5: expect[0]: expected: metric, operator, limit, such as failed == 0 or responseTime.p99 < 300ms during steady
    - failed = 0
      ^^^^^^^^^^`)
  })

  it.each([
    [
      'a node that is no name',
      SMALLEST.replace('wait: 1s', 'drain: { node: Node_1 }'),
      's.yaml:6:20: steps[0].drain.node: must be a Kubernetes name',
    ],
    [
      'an eviction without a unit of time',
      SMALLEST.replace('wait: 1s', 'evict: { count: all, timeout: 5 }'),
      's.yaml:6:35: steps[0].evict.timeout: must be a duration with a unit',
    ],
    [
      'a misspelt key of a step',
      SMALLEST.replace('wait: 1s', 'undo: { toRevison: 2 }'),
      'did you mean "toRevision"?',
    ],
    [
      'a network that the lab does not have',
      `${SMALLEST}lab: { network: host }\n`,
      's.yaml:7:17: lab.network: must be one of auto, kernel, namespaces, loopback',
    ],
    ['a lab without nodes', `${SMALLEST}lab: { nodes: 0 }\n`, 'lab.nodes: must be at least 1'],
    ['an alias', 'a: &x 1\nb: *x\n', 'aliases are not allowed'],
    ['a key given twice', `${SMALLEST}name: again\n`, '"name" is given twice'],
    ['a prototype', '__proto__: { a: 1 }\n', 'the key "__proto__" is not allowed'],
    ['a merge', 'a: { <<: { b: 1 } }\n', 'the key "<<" is not allowed'],
    ['broken YAML', 'a: [1\n', 's.yaml:2:1'],
    [
      'too deep a nesting',
      `a: ${'['.repeat(70)}${']'.repeat(70)}\n`,
      'nested deeper than 64 levels',
    ],
    ['too large a file', `# ${'x'.repeat(1_048_577)}`, 'larger than 1 MiB'],
    ['an empty file', '', 'the scenario: must be a map of keys'],
    [
      'two steps in one',
      SMALLEST.replace('- wait: 1s', '- { wait: 1s, restart: {} }'),
      'this one has wait and restart',
    ],
    [
      'a header that breaks the line',
      SMALLEST.replace(
        "'const(10,5s)'",
        `'const(10,5s)', requests: [{ path: /, headers: { a: "b\\r\\nc" } }]`,
      ),
      'line breaks',
    ],
    [
      'a user in the URL',
      SMALLEST.replace('service/web', 'http://user:secret@host'),
      'must be service/NAME',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(problems(text)).toContain(message)
  })
})

describe('an expectation', () => {
  it.each([
    ['failed{class=resett*} == 0', 'there is no class "resett*"'],
    ['failed{tag=pay} == 0', 'there is no tag "pay"'],
    ['failed{connection=old} == 0', 'there is no connection "old"'],
    ['failed == 0 after scale', 'there is no step "scale"'],
    ['failed == 0 during lunch', 'there is no phase "lunch"'],
  ])('%s is refused: it would select nothing', (text, message) => {
    expect(problems(`${SMALLEST}expect: ['${text}']\n`)).toContain(message)
  })

  const withPay = SMALLEST.replace('wait: 1s', 'scale: { replicas: 1 }').replace(
    "'const(10,5s)'",
    "'const(10,5s)', requests: [{ path: /, tag: pay }]",
  )
  const expectation = (text: string) => scenario(`${withPay}expect: ['${text}']\n`).expectations[0]

  it.each([
    ['failed == 0', { limit: 0, unit: 'count' }],
    ['failed < 0.1%', { limit: 0.001, unit: 'share', operator: '<' }],
    [
      'failed{class=reset*,tag=pay} == 0 after scale',
      { filter: { class: 'reset*', tag: 'pay' }, scope: { when: 'after', name: 'scale' } },
    ],
    [
      'responseTime.p99 < 300ms during steady',
      { metric: { name: 'responseTime', quantile: 0.99 }, limit: 300_000, unit: 'us' },
    ],
    [
      'recovery < 5s per disruption',
      { metric: { name: 'recovery' }, limit: 5_000_000, unit: 'us' },
    ],
  ])('%s is understood', (text, meaning) => {
    expect(expectation(text)).toMatchObject(meaning)
  })
})

describe('an expectation that makes no sense', () => {
  it.each([
    ['responseTime.p99{class=refused} < 1s', 'class=… is for failed and recovery'],
    ['p99{tag=a,connection=new} < 1s', 'by tag and by connection, not by both at once'],
    ['rate >= 95', '"95" is not a rate such as 95/s'],
    ['p101 < 1s', '"p101" is not a metric'],
    ['sendTime.p50 < 1s', '"sendTime.p50" is not a metric'],
  ])('%s is refused', (text, message) => {
    expect(problems(`${SMALLEST}expect: ['${text}']\n`)).toContain(message)
  })
})
