import { pause } from '../../base/pause.ts'
import { succeed } from '../../base/result.ts'
import type { PodFacts } from '../cluster-change.ts'
import { livePods } from './choose-pods.ts'
import { cordonNode } from './cordon.ts'
import { evictedText, type EvictOptions, evictPods } from './evict-pods.ts'
import type { Action, ActionContext } from './step-effect.ts'

const LOOK_AGAIN_MS = 100

/**
 * `kubectl drain`, for the workload's pods alone: cordons the node, evicts its pods and waits until they are gone; the
 * way back is to uncordon it. Without a name it is the node with most of the workload's pods.
 */
export const drain =
  (wanted: string | undefined, options: EvictOptions): Action =>
  async (context) => {
    const startedMs = performance.now()
    const node = await cordonNode(context, wanted)
    if (!node.ok) return node
    const chosen = livePods(context.pods()).filter((pod) => pod.nodeName === node.value)
    const done = await evictPods(context, chosen, options)
    if (!done.ok) return done
    const { evicted } = done.value
    const untilMs = startedMs + options.timeoutUs / 1_000
    const leaving = chosen.filter(({ name }) => evicted.includes(name))
    const left = await waitUntilGone(context, leaving, untilMs)
    const still = left.length === 0 ? '' : `; still there: ${left.join(', ')}`
    return succeed({
      detail: `${node.value}: ${evictedText(done.value)}${still}`,
      pods: evicted,
    })
  }

/**
 * Gives the names of those that are still there when the time is over or the signal aborts. A StatefulSet makes another
 * pod of the same name, so that the name alone says nothing.
 */
async function waitUntilGone(
  { pods, signal }: ActionContext,
  leaving: readonly PodFacts[],
  untilMs: number,
): Promise<readonly string[]> {
  for (;;) {
    const there = new Set(pods().map((pod) => pod.uid))
    const left = leaving.filter(({ uid }) => there.has(uid)).map(({ name }) => name)
    if (left.length === 0 || signal.aborted || performance.now() > untilMs) return left
    await pause(LOOK_AGAIN_MS, signal)
  }
}
