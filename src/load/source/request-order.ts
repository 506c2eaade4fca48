/** Which request comes when: each as often as its weight, spread evenly (smooth weighted round robin, as nginx does). */
export function requestOrder(weights: readonly number[]): readonly number[] {
  const divisor = weights.reduce(greatestCommonDivisor, 0)
  const shares = weights.map((weight) => weight / divisor)
  const total = shares.reduce((sum, share) => sum + share, 0)
  const current = shares.map(() => 0)
  return Array.from({ length: total }, () => {
    let chosen = 0
    for (const [at, share] of shares.entries()) {
      const raised = (current[at] ?? 0) + share
      current[at] = raised
      if (raised > (current[chosen] ?? 0)) chosen = at
    }
    current[chosen] = (current[chosen] ?? 0) - total
    return chosen
  })
}

const greatestCommonDivisor = (left: number, right: number): number =>
  right === 0 ? left : greatestCommonDivisor(right, left % right)
