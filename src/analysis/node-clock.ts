import type { Recording } from '../recording/recording.ts'

const US_PER_MS = 1_000

/** When the kubelet of a node stamped something, µs since the run began; undefined without a stamp. */
export type NodeClock = (
  stamp: string | undefined,
  nodeName: string | undefined,
) => number | undefined

/**
 * Tells instants from the kubelets' wall clocks. Stamps of the API are cut to whole seconds, so that the instant itself is
 * up to a second later. What is known of the clock of a node's kubelet is taken away, in the middle of its bounds.
 */
export function nodeClock({ meta, cluster }: Pick<Recording, 'meta' | 'cluster'>): NodeClock {
  const beganMs = Date.parse(meta.startedAt)
  const aheadMs = new Map<string, number>()
  for (const change of cluster) {
    if (change.type !== 'clock-skew') continue
    const { emitter, lowMs, highMs } = change.skew
    // Where it may be none it is taken for none.
    aheadMs.set(emitter, lowMs <= 0 && highMs >= 0 ? 0 : (lowMs + highMs) / 2)
  }
  return (stamp, nodeName) => {
    const stampMs = Date.parse(stamp ?? '')
    if (Number.isNaN(stampMs)) return undefined
    return (stampMs - beganMs - (aheadMs.get(`kubelet ${nodeName ?? ''}`) ?? 0)) * US_PER_MS
  }
}
