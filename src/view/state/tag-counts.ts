import type { SparseHistogram } from '../../base/histogram.ts'
import { sanitize } from '../../base/sanitize.ts'
import type { EndedCounts } from '../../recording/entry.ts'
import { addSparse } from './add-sparse.ts'
import { failedOf } from './counts.ts'

/** Requests of one tag that ended. */
export interface TagCounts {
  readonly ended: number
  readonly failed: number
  readonly responseTime: SparseHistogram
}

/** Ammo can hold any number of tags; the view keeps the first so many. */
const KEPT_TAGS = 100

const NONE: TagCounts = { ended: 0, failed: 0, responseTime: [] }

/** The sums with a frame's added. */
export function addTags(
  sums: Readonly<Record<string, TagCounts>>,
  frame: Readonly<Record<string, EndedCounts>>,
): Readonly<Record<string, TagCounts>> {
  const added: Record<string, TagCounts> = { ...sums }
  for (const [tag, { outcomes, responseTime }] of Object.entries(frame)) {
    const name = sanitize(tag, 40)
    const before = Object.hasOwn(added, name) ? added[name] : undefined
    if (!before && Object.keys(added).length >= KEPT_TAGS) continue
    const sum = before ?? NONE
    added[name] = {
      ended: sum.ended + Object.values(outcomes).reduce((count, part) => count + part, 0),
      failed: sum.failed + failedOf(outcomes),
      responseTime: addSparse(sum.responseTime, responseTime),
    }
  }
  return added
}
