import type { Endpoint } from '../../api/kinds/endpoint-slice.ts'

/** The default of `--max-endpoints-per-slice` (k8s-mechanics 3.1). */
const MOST_PER_SLICE = 100

/**
 * Endpoints of the same ports, spread over slices of at most 100: each stays in the slice that has it, new ones fill
 * those that have room, the fullest first, and then new slices. `existing`: what each slice holds now. The result begins
 * with those slices, in their order; an empty one is no longer needed.
 */
export function placeEndpoints(
  existing: readonly (readonly Endpoint[])[],
  desired: readonly Endpoint[],
): Endpoint[][] {
  const unplaced = new Map(desired.map((endpoint) => [idOf(endpoint), endpoint]))
  const slices = existing.map((slice) =>
    slice.flatMap((old) => {
      const kept = unplaced.get(idOf(old))
      unplaced.delete(idOf(old))
      return kept ? [kept] : []
    }),
  )
  const rest = [...unplaced.values()]
  const changed = [...slices].sort((left, right) => right.length - left.length)
  for (const slice of changed) slice.push(...rest.splice(0, MOST_PER_SLICE - slice.length))
  while (rest.length > 0) slices.push(rest.splice(0, MOST_PER_SLICE))
  return slices
}

const idOf = (endpoint: Endpoint): string => endpoint.targetRef?.uid ?? endpoint.addresses.join()
