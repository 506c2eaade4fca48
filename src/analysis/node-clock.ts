import { US_PER_MS } from '../base/units.ts'
import type { Recording } from '../recording/recording.ts'

/** When the kubelet of a node stamped something, µs since the run began; undefined without a stamp. */
export type NodeClock = (
  stamp: string | undefined,
  nodeName: string | undefined,
) => number | undefined

/** The clocks of the cluster that are surely not ours: what they stamped cannot be laid beside what we saw. */
export const foreignClocks = (cluster: Recording['cluster']) =>
  cluster
    .flatMap((change) => (change.type === 'clock-skew' ? [change.skew] : []))
    .filter(({ lowMs, highMs }) => lowMs > 0 || highMs < 0)

/**
 * Tells instants from the kubelets' wall clocks. Stamps of the API are cut to whole seconds, so that the instant itself is
 * up to a second later. What a kubelet's clock is surely off is taken away, in the middle of its bounds.
 */
export function nodeClock({ meta, cluster }: Pick<Recording, 'meta' | 'cluster'>): NodeClock {
  const beganMs = Date.parse(meta.startedAt)
  const aheadMs = new Map(
    foreignClocks(cluster).map(({ emitter, lowMs, highMs }) => [emitter, (lowMs + highMs) / 2]),
  )
  return (stamp, nodeName) => {
    const stampMs = Date.parse(stamp ?? '')
    if (Number.isNaN(stampMs)) return undefined
    return (stampMs - beganMs - (aheadMs.get(`kubelet ${nodeName ?? ''}`) ?? 0)) * US_PER_MS
  }
}
