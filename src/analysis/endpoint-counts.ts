import type { Recording } from '../recording/recording.ts'

/** How many endpoints were ready from an instant on. */
export interface EndpointCount {
  readonly atUs: number
  readonly ready: number
}

/** The number of ready endpoints over all watched slices, whenever it changed. */
export function endpointCounts(recording: Recording): EndpointCount[] {
  const bySlice = new Map<string, number>()
  const counts: EndpointCount[] = []
  for (const change of recording.cluster) {
    if (change.type !== 'endpoint-slice') continue
    const ready = change.slice.endpoints.filter((endpoint) => endpoint.ready).length
    bySlice.set(change.slice.name, change.change === 'gone' ? 0 : ready)
    const total = [...bySlice.values()].reduce((sum, count) => sum + count, 0)
    if (counts.at(-1)?.ready !== total) counts.push({ atUs: change.atUs, ready: total })
  }
  return counts
}

/** The fewest ready endpoints at any instant of a span; undefined when nothing is known of it. */
export function fewestReady(
  counts: readonly EndpointCount[],
  fromUs: number,
  toUs: number,
): number | undefined {
  let fewest: number | undefined
  for (const [at, count] of counts.entries()) {
    const untilUs = counts[at + 1]?.atUs ?? Infinity
    if (count.atUs <= toUs && untilUs >= fromUs) fewest = Math.min(fewest ?? Infinity, count.ready)
  }
  return fewest
}

/** Whether no endpoint was ready at any instant of a span; false when nothing is known of it. */
export function noneReady(counts: readonly EndpointCount[], fromUs: number, toUs: number): boolean {
  const during = counts.filter(
    ({ atUs }, at) => atUs <= toUs && (counts[at + 1]?.atUs ?? Infinity) >= fromUs,
  )
  return during.length > 0 && during.every(({ ready }) => ready === 0)
}
