import type { StopLevel } from '../../scenario/scenario.ts'
import type { EndedCounts } from '../load-frame.ts'
import { netCode } from '../net-code.ts'
import type { Slice } from './gather-slices.ts'

/** How many requests ended, and how many of them are meant. */
export interface Matched {
  matched: number
  total: number
}

/** Whether a code begins as the mask says, `x` being any one digit: Tank's rule, so that `xx` is 10 and 503 too. */
function codeMask(mask: string): (code: string) => boolean {
  const begins = new RegExp(`^${mask.toLowerCase().replaceAll('x', String.raw`\d`)}`)
  return (code) => begins.test(code)
}

/** Whether so many, or so large a share of all, are meant (≥); never when there are none at all. */
export const reachesLevel = ({ matched, total }: Matched, level: StopLevel): boolean =>
  total > 0 &&
  (level.unit === 'count'
    ? matched >= level.count
    : // 3 of 30 are 10 %, though 0.1 · 30 is a little more than 3 in binary.
      matched >= (level.share - 1e-9) * total)

/** What counts for a criterion: requests with its tag, or all. */
export const endedOf = (slice: Slice, tag: string | undefined): readonly EndedCounts[] =>
  tag === undefined ? slice.ended : (slice.byTag.get(tag) ?? [])

const totalOf = (ended: EndedCounts): number =>
  Object.values(ended.outcomes).reduce((sum, count) => sum + count, 0)

/** Counts HTTP statuses that fit the mask; a request without a status has 0, as in Tank. */
export function countHttp(mask: string): (ended: readonly EndedCounts[]) => Matched {
  const fits = codeMask(mask)
  return (parts) => {
    const sum: Matched = { matched: 0, total: 0 }
    for (const ended of parts) {
      const total = totalOf(ended)
      let withStatus = 0
      for (const [status, count] of Object.entries(ended.statuses)) {
        withStatus += count
        if (fits(status)) sum.matched += count
      }
      if (fits('0')) sum.matched += Math.max(0, total - withStatus)
      sum.total += total
    }
    return sum
  }
}

/** Counts net codes that fit the mask; `withoutOk`: 0 fits no mask. */
export function countNet(
  mask: string,
  withoutOk: boolean,
): (ended: readonly EndedCounts[]) => Matched {
  const fits = codeMask(mask)
  return (parts) => {
    const sum: Matched = { matched: 0, total: 0 }
    for (const ended of parts) {
      for (const [outcome, count] of Object.entries(ended.outcomes)) {
        const code = netCode(outcome)
        if ((code !== 0 || !withoutOk) && fits(String(code))) sum.matched += count
        sum.total += count
      }
    }
    return sum
  }
}

/** The same requests, those meant being the others. */
export const others = ({ matched, total }: Matched): Matched => ({
  matched: total - matched,
  total,
})
