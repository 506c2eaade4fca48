import { expect, test } from 'vitest'
import { jsonPatch } from '../../../../src/lab/api/patch/json-patch.ts'

const target = { a: { 'x/y': 1 }, list: ['p', 'q'] }

test.each([
  [[{ op: 'add', path: '/list/1', value: 'n' }], { ...target, list: ['p', 'n', 'q'] }],
  [[{ op: 'add', path: '/list/-', value: 'n' }], { ...target, list: ['p', 'q', 'n'] }],
  [[{ op: 'replace', path: '/a/x~1y', value: 2 }], { ...target, a: { 'x/y': 2 } }],
  [[{ op: 'remove', path: '/list/0' }], { ...target, list: ['q'] }],
  [[{ op: 'move', from: '/list/0', path: '/first' }], { ...target, list: ['q'], first: 'p' }],
  [[{ op: 'copy', from: '/list/0', path: '/first' }], { ...target, first: 'p' }],
  [[{ op: 'test', path: '/list/0', value: 'p' }], target],
  [[{ op: 'replace', path: '', value: { whole: true } }], { whole: true }],
])('applies %j', (patch, expected) => {
  expect(jsonPatch(target, patch)).toEqual({ ok: true, value: expected })
})

test.each([
  [{ op: 'add' }],
  [[{ op: 'remove', path: '/list/2' }]],
  [[{ op: 'replace', path: '/none', value: 1 }]],
  [[{ op: 'add', path: '/none/deep', value: 1 }]],
  [[{ op: 'test', path: '/list/0', value: 'q' }]],
  [[{ op: 'dance', path: '/list' }]],
])('refuses %j', (patch) => {
  expect(jsonPatch(target, patch).ok).toBe(false)
  expect(target).toEqual({ a: { 'x/y': 1 }, list: ['p', 'q'] })
})
