import { digest } from './digest.ts'
import { valueAt } from './json-pointer.ts'
import type { ApiObject, ChangedField, RestoreRecord } from './restore-record.ts'

/** A field that somebody else has changed since the run did. */
export interface Conflict {
  readonly path: string
  readonly original: unknown
  readonly live: unknown
}

/** What is to be done with an object to put it back. */
export interface RestorePlan {
  /** RFC 6902. */
  readonly operations: readonly unknown[]
  /** Paths of the fields that go back. */
  readonly restored: readonly string[]
  readonly conflicts: readonly Conflict[]
  /** What stays on the object, for the conflicts alone; absent: nothing does. */
  readonly leftRecord?: RestoreRecord
}

/**
 * A field that is as the run set it goes back to its original; one that is the original already needs nothing; any
 * other value is somebody else's, and is left unless the caller says otherwise.
 */
export function planRestore(
  object: ApiObject,
  record: RestoreRecord,
  foreign: 'leave' | 'overwrite' | 'keep',
): RestorePlan {
  const operations: unknown[] = []
  const restored: string[] = []
  const left: ChangedField[] = []
  const conflicts: Conflict[] = []
  for (const field of record.fields) {
    const live = valueAt(object, field.path)
    const liveDigest = digest(live)
    if (liveDigest === digest(field.original)) continue
    if (liveDigest !== field.set && foreign === 'keep') continue
    if (liveDigest !== field.set && foreign === 'leave') {
      left.push(field)
      conflicts.push({ path: field.path, original: field.original, live })
      continue
    }
    restored.push(field.path)
    operations.push(wayBack(field, live))
  }
  return {
    operations,
    restored,
    conflicts,
    ...(left.length > 0 && { leftRecord: { ...record, fields: left } }),
  }
}

function wayBack({ path, original }: ChangedField, live: unknown): unknown {
  if (original === undefined) return { op: 'remove', path }
  return { op: live === undefined ? 'add' : 'replace', path, value: original }
}
