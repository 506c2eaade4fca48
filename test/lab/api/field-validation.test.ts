import { afterEach, beforeEach, expect, test } from 'vitest'
import { findDuplicateFields } from '../../../src/lab/api/schema/find-duplicate-fields.ts'
import { deployment } from '../controllers/manifests.ts'
import { startTestCluster, type TestCluster } from './start-test-cluster.ts'

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'
const MERGE = 'application/merge-patch+json'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  await cluster.close()
})

const misspelt = () => {
  const object = deployment('web', 1)
  return { ...object, spec: { ...object.spec, replica: 3 } }
}

test('an unknown field is refused when strict, else told in a Warning and dropped', async () => {
  const strict = await cluster.request('POST', `${DEPLOYMENTS}?fieldValidation=Strict`, misspelt())
  expect([strict.code, strict.body['message']]).toEqual([
    400,
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
  ])
  const response = await fetch(cluster.url + DEPLOYMENTS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(misspelt()),
  })
  expect(response.headers.get('warning')).toBe('299 - "unknown field \\"spec.replica\\""')
  expect(cluster.store.get('deployments', 'default', 'web')?.spec).not.toHaveProperty('replica')
})

test('a strict patch is not blamed for what the object had before', async () => {
  cluster.store.create('deployments', misspelt())
  const path = `${DEPLOYMENTS}/web?fieldValidation=Strict`
  const labelled = await cluster.request('PATCH', path, { metadata: { labels: { a: 'b' } } }, MERGE)
  expect(labelled.code).toBe(200)
})

test.each([
  ['{"a":{"b":1,"b":2}}', ['a.b']],
  ['{"a":[{"b":"x"},{"c":1,"c":"\\"c\\":"}],"a2":"a"}', ['a[1].c']],
  ['{"a":"b","b":"a"}', []],
])('the fields given twice in %s are found', (text, expected) => {
  expect(findDuplicateFields(text)).toEqual(expected)
})
