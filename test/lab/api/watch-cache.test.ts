import { expect, test } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import { createWatchCache } from '../../../src/lab/api/watch-cache.ts'
import { pod } from '../controllers/manifests.ts'

test('the cache remembers as many changes as it is deep, and says what it has forgotten', () => {
  const store = createStore({ random: random(1) })
  const cache = createWatchCache(store, 3)
  const start = cache.version()
  for (const name of ['a', 'b', 'c']) store.create('configmaps', pod(name))
  const names = (since: number) =>
    cache.changesSince('configmaps', since)?.map(({ object }) => object.metadata.name)
  expect(names(start)).toEqual(['a', 'b', 'c'])
  store.create('configmaps', pod('d'))
  expect(names(start)).toBeUndefined()
  expect(names(start + 1)).toEqual(['b', 'c', 'd'])
  expect(names(cache.version())).toEqual([])
  expect(names(cache.version() + 1)).toBeUndefined()
})

test('changes of one resource do not push out those of another', () => {
  const store = createStore({ random: random(1) })
  const cache = createWatchCache(store, 2)
  const start = cache.version()
  store.create('pods', pod('web'))
  for (const name of ['a', 'b', 'c', 'd']) store.create('configmaps', pod(name))
  expect(cache.changesSince('pods', start)).toHaveLength(1)
})

test('each change carries the state before it', () => {
  const store = createStore({ random: random(1) })
  const cache = createWatchCache(store)
  const start = cache.version()
  store.create('configmaps', pod('a'))
  store.change('configmaps', 'default', 'a', (draft) => {
    draft.metadata.labels = { app: 'web' }
  })
  store.remove('configmaps', 'default', 'a')
  const changes = cache.changesSince('configmaps', start) ?? []
  expect(changes.map(({ type, previous }) => [type, previous?.metadata.labels])).toEqual([
    ['ADDED', undefined],
    ['MODIFIED', undefined],
    ['DELETED', { app: 'web' }],
  ])
})
