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

/** The words are those of kube-apiserver 1.34.4. */
const KEY_PART =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

test.each([
  ['a==b=c', "found '=', expected: ',' or 'end of string'"],
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['!app=', "found '=', expected: ',' or 'end of string'"],
  ['a in', "unable to parse requirement: found '' expected: '('"],
  ['a notin b', "unable to parse requirement: found 'b' expected: '('"],
  [',', "found ',', expected: !, identifier, or 'end of string'"],
  ['a,,b', "found ',', expected: identifier after ','"],
  ['a=b,', "found '', expected: identifier after ','"],
  ['=b', "found '=', expected: !, identifier, or 'end of string'"],
  [
    'a>b',
    "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
  ],
  ['!', "unable to parse requirement: found '', expected: identifier"],
  ['a=b c', "found 'c', expected: ',' or 'end of string'"],
  ['-a=b', `unable to parse requirement: <nil>: Invalid value: "-a": ${KEY_PART}`],
  ['a()', "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt"],
  ['a=(b)', "unable to parse requirement: found '(', expected: identifier"],
  ['a!b', "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"],
  ['a in (b) c', "found 'c', expected: ',' or 'end of string'"],
])('refuses "%s": %s', (text, message) => {
  expect(parseLabelSelector(text)).toEqual({ ok: false, error: { reason: 'BadRequest', message } })
})

test.each(['in', 'a in ()', 'a in (b,)', 'a<1', 'a != b', 'a='])('takes "%s"', (text) => {
  expect(parseLabelSelector(text).ok).toBe(true)
})

test('a value that is no label is refused with its place', () => {
  const found = parseLabelSelector('a=-b')
  expect(!found.ok && found.error.message).toMatch(
    /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-b": a valid label must be an empty string/,
  )
})
