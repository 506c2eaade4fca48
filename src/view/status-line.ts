import { sparseQuantile } from '../base/histogram.ts'
import { humanCount, humanUs, US_PER_SECOND } from '../base/units.ts'
import { type CountsBy, failedOf } from './state/counts.ts'
import type { ViewState } from './view-state.ts'

/** An instant in the first column of plain lines: `  12.0 s`. */
export const plainTime = (atUs: number): string =>
  `${(atUs / US_PER_SECOND).toFixed(1).padStart(6)} s`

/**
 * A second of the run as a line, when it is over: rate and times of that second, counts from the beginning.
 * `atEnd` is the state when it was over; the last second of the load may have been a short one.
 */
export function statusLine(state: ViewState, second: number, atEnd: ViewState = state): string {
  const { sent = 0, responseTime = [] } = state.seconds[second] ?? {}
  const toUs = Math.min((second + 1) * US_PER_SECOND, state.nowUs)
  const lengthUs = Math.max(1, toUs - second * US_PER_SECOND)
  const p50Us = sparseQuantile(responseTime, 0.5)
  const p99Us = sparseQuantile(responseTime, 0.99)
  const isAnswered = p50Us !== undefined && p99Us !== undefined
  const endedBy = state.seconds.slice(0, second + 1).map(({ outcomes }) => outcomes)
  const count = (of: (outcomes: CountsBy) => number) =>
    humanCount(endedBy.reduce((sum, outcomes) => sum + of(outcomes), 0))
  return [
    plainTime(toUs),
    ...(state.isLoadAlone ? [] : [(atEnd.phase ?? '').padEnd(10)]),
    `${((sent * US_PER_SECOND) / lengthUs).toFixed(1)}/s`.padStart(9),
    `ok ${count((outcomes) => outcomes['ok'] ?? 0)}`,
    `failed ${count(failedOf)}`,
    isAnswered ? `p50 ${humanUs(p50Us)} p99 ${humanUs(p99Us)}` : 'no answers',
    `in flight ${humanCount(atEnd.gauges.inFlight)}`,
    ...(atEnd.gauges.users === undefined ? [] : [`users ${humanCount(atEnd.gauges.users)}`]),
    ...(state.isLoadAlone ? [] : clusterParts(atEnd)),
  ].join('  ')
}

const clusterParts = (state: ViewState): readonly string[] => [
  `pods ${podsReady(state)}/${state.wantedReplicas ?? '?'}`,
  `endpoints ${state.endpoints.at(-1)?.ready ?? '?'}`,
]

/** Pods that are ready and not being deleted. */
export const podsReady = ({ pods }: ViewState): number =>
  [...pods.values()].filter((pod) => pod.isReady && pod.deletedUs === undefined).length

/** Pods that are not being deleted. */
export const podsThere = ({ pods }: ViewState): number =>
  [...pods.values()].filter((pod) => pod.goneUs === undefined && pod.deletedUs === undefined).length
