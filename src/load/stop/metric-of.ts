import { mergeSparse, sparseQuantile } from '../../base/histogram.ts'
import { US_PER_MS, US_PER_SECOND } from '../../base/units.ts'
import type { StopMetric } from '../../scenario/stop-metrics.ts'
import type { HostHealth } from '../host-health.ts'
import { FRAME_US } from '../load-frame.ts'
import type { Slice } from './gather-slices.ts'

const BYTES_PER_MB = 1_000_000

/** A sample of the machine says nothing about a second that ends so much later. */
const STALE_US = 2 * US_PER_SECOND

/** A metric in its unit ({@link STOP_METRICS}) over a second; undefined when it is not known. */
export function metricOf(
  metric: StopMetric,
  second: readonly Slice[],
  host: HostHealth | undefined,
): number | undefined {
  const mean = (of: (slice: Slice) => number) =>
    second.reduce((sum, slice) => sum + of(slice), 0) / second.length
  if (metric === 'inFlight') return mean((slice) => slice.inFlight)
  if (metric === 'connections') return mean((slice) => slice.connections)
  if (metric === 'sendLag') {
    const lagUs = sparseQuantile(mergeSparse(second.flatMap(({ sendLag }) => sendLag)), 0.99)
    return lagUs === undefined ? undefined : lagUs / US_PER_MS
  }
  const endsAtUs = (second.at(-1)?.atUs ?? 0) + FRAME_US
  return host && endsAtUs - host.atUs < STALE_US ? ofHost(metric, host) : undefined
}

function ofHost(
  metric: Exclude<StopMetric, 'inFlight' | 'connections' | 'sendLag'>,
  host: HostHealth,
): number | undefined {
  const percent = (share: number | undefined) => (share === undefined ? undefined : share * 100)
  switch (metric) {
    case 'cpu':
      return percent(host.busyShare)
    case 'steal':
      return percent(host.stealShare)
    case 'pressure':
      return percent(host.cpuPressure)
    case 'memory':
      return host.rssBytes === undefined ? undefined : host.rssBytes / BYTES_PER_MB
    case 'fds':
      return host.fds
    case 'ports':
      return host.ports
  }
}
