import type { ObjectChange } from '../restore/change-object.ts'
import { digest } from '../restore/digest.ts'
import { valueAt } from '../restore/json-pointer.ts'
import { nextRecord } from '../restore/next-record.ts'
import { withMetadata } from '../restore/patch-metadata.ts'
import { planRestore } from '../restore/plan-restore.ts'
import {
  type ApiObject,
  FENCE_ANNOTATION,
  RECORD_ANNOTATION,
  type RestoreRecord,
} from '../restore/restore-record.ts'
import type { Patch } from '../restore/send-patch.ts'

/** An object as the steps so far would have left it: no server can show that, for a dry run starts at what is stored. */
export interface PlannedObject {
  /** With everything that the steps would have changed, and what it was before the run. */
  readonly record: RestoreRecord
  /** The values that the steps would have set, by their pointers; undefined: taken away. */
  readonly values: ReadonlyMap<string, unknown>
}

/** The object after one more change, whose preview is seen from the object as it is now. */
export function planObject(
  before: ApiObject,
  preview: ApiObject,
  { fields }: ObjectChange,
  run: string,
  earlier: PlannedObject | undefined,
): PlannedObject {
  const values = new Map(earlier?.values)
  for (const path of fields) {
    const after = valueAt(preview, path)
    if (values.has(path) || digest(after) !== digest(valueAt(before, path))) values.set(path, after)
  }
  const changed = [...values].flatMap(([path, value]) => {
    const original = valueAt(before, path)
    const set = digest(value)
    if (digest(original) === set) return []
    return [{ path, ...(original !== undefined && { original }), set }]
  })
  return { values, record: nextRecord(before, run, changed, undefined) }
}

/**
 * What the run would send at its end to put the object back, as a patch of the object as it is now: first everything that
 * the steps would have set, then just the operations of the restore.
 */
export function wayBackOf(
  before: ApiObject,
  { record, values }: PlannedObject,
): { readonly patch: Patch; readonly operations: readonly unknown[] } {
  const text = JSON.stringify(record)
  const setUp = [...values].flatMap(([path, value]) => settingOf(before, path, value))
  const annotated = {
    ...before.metadata,
    annotations: { ...before.metadata.annotations, [RECORD_ANNOTATION]: text },
  }
  const planned = withValues({ ...before, metadata: annotated }, values)
  const { operations } = planRestore(planned, record, 'leave')
  const mark = withMetadata({ type: 'json', body: [] }, before, { [RECORD_ANNOTATION]: text })
  const back = withMetadata({ type: 'json', body: operations }, planned, {
    [RECORD_ANNOTATION]: null,
    [FENCE_ANNOTATION]: null,
  })
  const body = [...(mark.body as unknown[]), ...setUp, ...(back.body as unknown[])]
  return { patch: { type: 'json', body }, operations: back.body as readonly unknown[] }
}

function settingOf(before: ApiObject, path: string, value: unknown): readonly unknown[] {
  const isThere = valueAt(before, path) !== undefined
  if (value === undefined) return isThere ? [{ op: 'remove', path }] : []
  return [{ op: isThere ? 'replace' : 'add', path, value }]
}

/** A copy with other values at some pointers. */
function withValues(object: ApiObject, values: ReadonlyMap<string, unknown>): ApiObject {
  const copy = structuredClone(object)
  for (const [path, value] of values) {
    const at = path.lastIndexOf('/')
    const parent = valueAt(copy, path.slice(0, at)) as Record<string, unknown> | undefined
    const key = path
      .slice(at + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~')
    if (!parent) continue
    if (value === undefined) Reflect.deleteProperty(parent, key)
    else parent[key] = value
  }
  return copy
}
