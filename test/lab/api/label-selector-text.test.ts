import { expect, test } from 'vitest'
import { parseLabelSelector } from '../../../src/lab/api/label-selector-text.ts'
import { matchesSelector } from '../../../src/lab/api/matches-selector.ts'

const labels = { app: 'web', tier: 'front', 'kubernetes.io/service-name': 'web' }

test.each([
  ['', true],
  ['app=web', true],
  ['app==web,tier=front', true],
  ['app=web,tier=back', false],
  ['app!=db', true],
  ['missing!=x', true],
  ['app in (db, web),tier notin (back)', true],
  ['app in (db)', false],
  ['missing notin (x)', true],
  ['tier', true],
  ['!tier', false],
  ['!missing', true],
  ['kubernetes.io/service-name=web', true],
])('selector "%s" matches: %s', (text, expected) => {
  const selector = parseLabelSelector(text)
  expect(selector.ok && matchesSelector(selector.value, labels)).toBe(expected)
})

test.each(['a=b=c', 'a in b', '=x', 'a in (b'])('refuses "%s"', (text) => {
  expect(parseLabelSelector(text)).toMatchObject({ ok: false, error: { reason: 'BadRequest' } })
})
