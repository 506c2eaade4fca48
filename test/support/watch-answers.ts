import type { RawObject } from '../../src/cluster/watch/raw-object.ts'
import { json, stream } from './scripted-api.ts'

/** What an API server says to a reflector: objects, pages of a list, lines of a watch. */
export const object = (name: string, resourceVersion: string, uid = `uid-${name}`): RawObject => ({
  metadata: { name, uid, resourceVersion },
})
export const list = (resourceVersion: string, ...items: RawObject[]) =>
  json({ metadata: { resourceVersion }, items })
export const page = (resourceVersion: string, next: string, ...items: RawObject[]) =>
  json({ metadata: { resourceVersion, continue: next }, items })
export const expired = json({ reason: 'Expired' }, 410)

export const added = (item: RawObject) => ({ type: 'ADDED', object: item })
export const modified = (item: RawObject) => ({ type: 'MODIFIED', object: item })
export const deleted = (item: RawObject) => ({ type: 'DELETED', object: item })
export const bookmark = (resourceVersion: string) => ({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion } },
})
export const error = (code: number, reason = 'Failed', message = reason) => ({
  type: 'ERROR',
  object: { kind: 'Status', code, reason, message },
})

/** A watch that stays open and says nothing. */
export const stay = stream([], 'stay')
