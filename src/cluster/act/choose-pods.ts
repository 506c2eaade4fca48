import type { PodCount } from '../../scenario/scenario.ts'
import type { PodFacts } from '../cluster-change.ts'

/** Of pods that are not ending so many, those ready first. */
export function choosePods(live: readonly PodFacts[], count: PodCount): readonly PodFacts[] {
  const wanted =
    count.unit === 'pods' ? count.count : Math.ceil((live.length * count.percent) / 100)
  return live.slice(0, wanted)
}

/** The pods that are not ending, those ready first, then by name. */
export const livePods = (pods: readonly PodFacts[]): readonly PodFacts[] =>
  pods
    .filter((pod) => pod.deletionTimestamp === undefined)
    .toSorted(
      (left, right) =>
        Number(right.ready) - Number(left.ready) || (left.name < right.name ? -1 : 1),
    )
