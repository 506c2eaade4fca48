import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { digest } from './digest.ts'
import { valueAt } from './json-pointer.ts'
import type { ApiObject, ChangedField, RestoreRecord } from './restore-record.ts'

/**
 * The fields that a change really changes, with the values of before the run. Problem: `foreign-change`, when somebody
 * else has changed one since this run did.
 */
export function changedFields(
  before: ApiObject,
  after: ApiObject,
  paths: readonly string[],
  earlier: RestoreRecord | undefined,
): Result<readonly ChangedField[], Problem> {
  const changed: ChangedField[] = []
  for (const path of paths) {
    const live = valueAt(before, path)
    const set = digest(valueAt(after, path))
    const known = earlier?.fields.find((field) => field.path === path)
    if (known && ![known.set, digest(known.original)].includes(digest(live))) {
      return fail({
        code: 'foreign-change',
        message: `somebody else has changed ${path.slice(1).replaceAll('/', '.')} since this run did`,
      })
    }
    if (digest(live) === set) continue
    const original = known ? known.original : live
    changed.push({ path, ...(original !== undefined && { original }), set })
  }
  return succeed(changed)
}
