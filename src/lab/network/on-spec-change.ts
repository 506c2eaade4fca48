import { isDeepStrictEqual } from 'node:util'
import type { Change, KubeObject } from '../api/store.ts'

/** A listener for a watch that leaves out changes which touch status or metadata only. */
export function onSpecChange<T extends KubeObject>(
  listener: (change: Change<T>) => void,
): (change: Change<T>) => void {
  const specs = new Map<string, unknown>()
  return (change) => {
    const { uid } = change.object.metadata
    const same = change.type === 'MODIFIED' && isDeepStrictEqual(specs.get(uid), change.object.spec)
    if (change.type === 'DELETED') specs.delete(uid)
    else specs.set(uid, change.object.spec)
    if (!same) listener(change)
  }
}
