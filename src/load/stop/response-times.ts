import {
  bucketIndex,
  bucketValue,
  mergeSparse,
  type SparseHistogram,
  sparseQuantile,
} from '../../base/histogram.ts'
import type { EndedCounts } from '../load-frame.ts'
import type { Matched } from './count-codes.ts'

/**
 * Response times, from when each request was due, of those that were answered; one that was given up counts with the
 * timeout, as in Tank, so that a server that no longer answers is slow and not absent. To be added up.
 */
export function responseTimes(
  parts: readonly EndedCounts[],
  timeoutUs: number,
): readonly SparseHistogram[] {
  const givenUp = parts.reduce(
    (sum, { outcomes }) =>
      sum + (outcomes['response-timeout'] ?? 0) + (outcomes['connect-timeout'] ?? 0),
    0,
  )
  const answered = parts.map((ended) => ended.responseTime)
  return givenUp === 0 ? answered : [...answered, [bucketIndex(timeoutUs), givenUp]]
}

/** Their mean in µs, within the histogram's 0.05 %; undefined without samples. */
export function meanUs(times: readonly SparseHistogram[]): number | undefined {
  let count = 0
  let sum = 0
  for (const sparse of times) {
    for (let at = 0; at + 1 < sparse.length; at += 2) {
      count += sparse[at + 1] ?? 0
      sum += bucketValue(sparse[at] ?? 0) * (sparse[at + 1] ?? 0)
    }
  }
  return count === 0 ? undefined : sum / count
}

/** Their quantile (0 to 1) in µs; 0 is the fastest. Undefined without samples. */
export const quantileUs = (
  times: readonly SparseHistogram[],
  quantile: number,
): number | undefined => sparseQuantile(mergeSparse(times), quantile)

/** How many are in a bucket above the limit's. */
export function slowerThan(times: readonly SparseHistogram[], limitUs: number): Matched {
  const limit = bucketIndex(limitUs)
  const sum: Matched = { matched: 0, total: 0 }
  for (const sparse of times) {
    for (let at = 0; at + 1 < sparse.length; at += 2) {
      const count = sparse[at + 1] ?? 0
      sum.total += count
      if ((sparse[at] ?? 0) > limit) sum.matched += count
    }
  }
  return sum
}
