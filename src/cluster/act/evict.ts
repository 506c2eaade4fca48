import { succeed } from '../../base/result.ts'
import type { PodCount } from '../../scenario/scenario.ts'
import { choosePods, livePods } from './choose-pods.ts'
import { evictedText, type EvictOptions, evictPods } from './evict-pods.ts'
import type { Action } from './step-effect.ts'

/** Evicts pods of the workload as a drain or an autoscaler does; the controller makes others, so there is nothing to put back. */
export const evict =
  (count: PodCount, options: EvictOptions): Action =>
  async (context) => {
    const chosen = choosePods(livePods(context.pods()), count)
    const done = await evictPods(context, chosen, options)
    if (!done.ok) return done
    return succeed({ detail: evictedText(done.value), pods: done.value.evicted })
  }
