const SUB_BUCKETS = 2_048
const HALF = SUB_BUCKETS / 2
const HALF_BITS = 10
/** Values above are counted at it: 2^42 µs is 51 days. */
const MAX_VALUE = 2 ** 42 - 1

/** Non-empty buckets as [index, count, index, count, …] in rising order; what a frame carries. */
export type SparseHistogram = readonly number[]

/**
 * Counts of whole microseconds in log-linear buckets, after HdrHistogram: exact below 2,048, and a
 * bucket's width is at most 1/1,024 of its value above, so its middle is within 0.05 %.
 */
export interface Histogram {
  readonly count: number
  record(valueUs: number): void
  add(other: SparseHistogram): void
  /** The value below or at which a share `quantile` (0 to 1) of the samples lies; undefined without samples. */
  quantile(quantile: number): number | undefined
  /** Empties it and gives what was in it. */
  drain(): SparseHistogram
  toSparse(): SparseHistogram
}

/** Bucket of a value: linear below 2,048, then 1,024 buckets for each power of two. */
export function bucketIndex(valueUs: number): number {
  const value = valueUs <= 0 ? 0 : valueUs >= MAX_VALUE ? MAX_VALUE : Math.floor(valueUs)
  if (value < SUB_BUCKETS) return value
  const shift =
    value < 0x8000_0000 ? 21 - Math.clz32(value) : Math.floor(Math.log2(value)) - HALF_BITS
  return (shift + 1) * HALF + (Math.floor(value / 2 ** shift) - HALF)
}

/** The middle of a bucket, in µs. */
export function bucketValue(index: number): number {
  if (index < SUB_BUCKETS) return index
  const shift = Math.floor(index / HALF) - 1
  const low = ((index % HALF) + HALF) * 2 ** shift
  return low + (2 ** shift - 1) / 2
}

const BUCKETS = bucketIndex(MAX_VALUE) + 1
/** Room for values up to 8 ms; most histograms never need more. */
const FIRST_BUCKETS = 4_096

function withRoomFor(counts: Float64Array, index: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.min(BUCKETS, Math.max(index + 1, counts.length * 2)))
  larger.set(counts)
  return larger
}

/** A {@link Histogram} of what is already counted. */
export function histogram(initial: SparseHistogram = []): Histogram {
  let counts = new Float64Array(FIRST_BUCKETS)
  let count = 0
  let lowest = BUCKETS
  let highest = -1

  const put = (index: number, by: number) => {
    if (index >= counts.length) counts = withRoomFor(counts, index)
    counts[index] = (counts[index] ?? 0) + by
    count += by
    if (index < lowest) lowest = index
    if (index > highest) highest = index
  }
  const toSparse = () => {
    const sparse: number[] = []
    for (let index = lowest; index <= highest; index++) {
      const inBucket = counts[index] ?? 0
      if (inBucket > 0) sparse.push(index, inBucket)
    }
    return sparse
  }
  const add = (other: SparseHistogram) => {
    for (let at = 0; at + 1 < other.length; at += 2) put(other[at] ?? 0, other[at + 1] ?? 0)
  }
  add(initial)

  return {
    get count() {
      return count
    },
    record: (valueUs) => put(bucketIndex(valueUs), 1),
    add,
    toSparse,
    drain() {
      const sparse = toSparse()
      if (highest >= lowest) counts.fill(0, lowest, highest + 1)
      count = 0
      lowest = BUCKETS
      highest = -1
      return sparse
    },
    quantile(quantile) {
      if (count === 0) return undefined
      let left = Math.max(1, Math.ceil(quantile * count))
      for (let index = lowest; index <= highest; index++) {
        left -= counts[index] ?? 0
        if (left <= 0) return bucketValue(index)
      }
      return bucketValue(highest)
    },
  }
}

/** Empty, or in use: a histogram is large, and sums are made by the thousand. */
let spare: Histogram | undefined

/** The sum of several sparse histograms; exact. */
export function mergeSparse(parts: Iterable<SparseHistogram>): SparseHistogram {
  const sum = spare ?? histogram()
  // A source of parts may merge itself: it must not get the one that is in use.
  spare = undefined
  for (const part of parts) sum.add(part)
  const merged = sum.drain()
  spare = sum
  return merged
}

/** How many samples a sparse histogram holds. */
export function sparseCount(sparse: SparseHistogram): number {
  let count = 0
  for (let at = 1; at < sparse.length; at += 2) count += sparse[at] ?? 0
  return count
}

/** A quantile (0 to 1) of a sparse histogram, in µs; undefined without samples. */
export function sparseQuantile(sparse: SparseHistogram, quantile: number): number | undefined {
  const count = sparseCount(sparse)
  let left = Math.max(1, Math.ceil(quantile * count))
  for (let at = 0; at + 1 < sparse.length; at += 2) {
    left -= sparse[at + 1] ?? 0
    if (left <= 0) return bucketValue(sparse[at] ?? 0)
  }
  return undefined
}
