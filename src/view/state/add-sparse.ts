import type { SparseHistogram } from '../../base/histogram.ts'

/** The sum of two sparse histograms in one pass; both are in rising order, and so is the sum. */
export function addSparse(left: SparseHistogram, right: SparseHistogram): SparseHistogram {
  if (left.length === 0) return right
  if (right.length === 0) return left
  const sum: number[] = []
  let leftAt = 0
  let rightAt = 0
  while (leftAt < left.length || rightAt < right.length) {
    const leftIndex = left[leftAt] ?? Infinity
    const rightIndex = right[rightAt] ?? Infinity
    const isLeft = leftIndex <= rightIndex
    const isRight = rightIndex <= leftIndex
    const count = (isLeft ? (left[leftAt + 1] ?? 0) : 0) + (isRight ? (right[rightAt + 1] ?? 0) : 0)
    sum.push(Math.min(leftIndex, rightIndex), count)
    if (isLeft) leftAt += 2
    if (isRight) rightAt += 2
  }
  return sum
}
