import { afterEach, beforeEach, expect, it } from 'vitest'
import { apiClient } from '../../src/cluster/api-client.ts'
import { mayI } from '../../src/cluster/may-i.ts'
import { fakeApi, type FakeApi, send } from './connect/fake-api.ts'

let api: FakeApi
const path = '/apis/policy/v1/namespaces/shop/poddisruptionbudgets'
const ask = () =>
  mayI(
    apiClient(`http://127.0.0.1:${api.port}`, () => Promise.resolve()),
    { path, verbs: ['list', 'watch'] },
  )

beforeEach(async () => {
  api = await fakeApi({ isTls: false })
})

afterEach(() => api.close())

it('may do what is allowed for each verb', async () => {
  api.answer = (_call, response) => send(response, 201, { status: { allowed: true } })
  expect(await ask()).toBe(true)
  expect(api.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  ])
})

it('may not when one verb is not allowed', async () => {
  api.answer = (_call, response) =>
    send(response, 201, { status: { allowed: api.seen.length === 1 } })
  expect(await ask()).toBe(false)
})

it('tries when the server knows no such question', async () => {
  api.answer = (_call, response) => send(response, 404, { reason: 'NotFound' })
  expect(await ask()).toBe(true)
})
