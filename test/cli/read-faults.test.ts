import { expect, test } from 'vitest'
import { readFaults } from '../../src/cli/read-faults.ts'

const read = (text: string) => readFaults(text, 'faults.yaml')

test('each kind of fault is read with its calls', () => {
  const text = `
faults:
  - { verb: [update, patch], resource: deployments, namespace: shop, name: web, from: 2, count: 3, status: 429, retry after: 5 }
  - { verb: get, delay: 1.5s, count: all, chance: 0.5 }
  - { drop: after }
  - { verb: watch, hang: before, events: 3 }
  - { garbage: endless }
  - { verb: list, compaction: continue }
  - { resource: deployments/scale, late: 500ms, seen: timeout }
`
  expect(read(text)).toEqual({
    ok: true,
    value: [
      {
        on: { verbs: ['update', 'patch'], resource: 'deployments', namespace: 'shop', name: 'web' },
        fault: { kind: 'status', status: 429, retryAfterSeconds: 5 },
        from: 2,
        count: 3,
      },
      {
        on: { verbs: ['get'] },
        fault: { kind: 'delay', delayMs: 1500 },
        count: 'all',
        chance: 0.5,
      },
      { on: {}, fault: { kind: 'drop', applied: true } },
      { on: { verbs: ['watch'] }, fault: { kind: 'hang', applied: false, events: 3 } },
      { on: {}, fault: { kind: 'garbage', form: 'endless' } },
      { on: { verbs: ['list'] }, fault: { kind: 'compaction', shape: 'continue' } },
      {
        on: { resource: 'deployments/scale' },
        fault: { kind: 'late', lateMs: 500, seen: 'timeout' },
      },
    ],
  })
})

test.each([
  ['faults:\n  - verbs: get\n    drop: before', 2, 5, '"verbs" is not a key here'],
  ['faults:\n  - verb: got\n    drop: before', 2, 11, 'faults[0].verb'],
  ['faults:\n  - verb: get', 2, 5, 'exactly one of'],
  ['faults:\n  - drop: before\n    delay: 1s', 2, 5, 'exactly one of'],
  ['faults:\n  - delay: 5', 2, 12, 'must be a duration'],
  ['faults:\n  - drop: before\n    seen: hang', 3, 11, 'goes only with late'],
  ['faults:\n  - status: 200', 2, 13, 'must be at least 400'],
  ['faults:\n  - drop: before\n    count: 0', 3, 12, 'faults[0].count'],
])('%j is refused with its place', (text, line, column, words) => {
  const result = read(text)
  if (result.ok) throw new Error('accepted')
  const [problem] = result.error
  expect(problem?.message).toContain(words)
  expect(problem?.place).toMatchObject({ file: 'faults.yaml', line, column })
})
