import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shareEqual } from '../../../src/cluster/watch/share-equal.ts'

const json = fc.jsonValue({ maxDepth: 4 })

it('says the same as the newer one, whatever the older one was, which stays as it is', () => {
  fc.assert(
    fc.property(json, json, (older, newer) => {
      const [wasOlder, wasNewer] = [structuredClone(older), structuredClone(newer)]
      expect(shareEqual(older, newer)).toEqual(wasNewer)
      expect(older).toEqual(wasOlder)
    }),
  )
})

it('gives the older one itself when both say the same', () => {
  fc.assert(
    fc.property(json, (older) => {
      expect(shareEqual(older, structuredClone(older))).toBe(older)
    }),
  )
})

it('keeps the equal parts of what has changed', () => {
  const older = { name: 'web', conditions: [{ type: 'Ready' }], containers: [{ restarts: 1 }] }
  const newer = { name: 'web', conditions: [{ type: 'Ready' }], containers: [{ restarts: 2 }] }
  const shared = shareEqual(older, newer)
  expect(shared).not.toBe(older)
  expect(shared.conditions).toBe(older.conditions)
  expect(shared.containers).toEqual([{ restarts: 2 }])
})
