import { humanShare, humanUs } from '../../base/units.ts'
import type { StopLevel } from '../../scenario/scenario.ts'
import type { StopMetric } from '../../scenario/stop-metrics.ts'
import type { HostHealth } from '../host-health.ts'
import type { EndedCounts } from '../load-frame.ts'
import { endedOf, type Matched, reachesLevel } from './count-codes.ts'
import type { JudgedSecond, SecondJudge } from './every-second.ts'
import type { Slice } from './gather-slices.ts'
import { metricOf } from './metric-of.ts'

type Ended = readonly EndedCounts[]

const endedInSecond = (second: readonly Slice[], tag: string | undefined): Ended =>
  second.flatMap((slice) => endedOf(slice, tag))

/** A judge for which a tenth of a second is like a whole one. */
const alike = (
  judge: (slices: readonly Slice[], host: HostHealth | undefined) => JudgedSecond | undefined,
): SecondJudge => ({
  second: judge,
  begins: (slice, host) => judge([slice], host)?.isBad ?? false,
})

/** A second in which a time of its requests is above the limit; `timeOf` gives undefined without requests. */
export const slowSecond = (
  what: string,
  tag: string | undefined,
  limitUs: number,
  timeOf: (ended: Ended) => number | undefined,
): SecondJudge =>
  alike((second) => {
    const us = timeOf(endedInSecond(second, tag))
    return us === undefined
      ? undefined
      : { isBad: us > limitUs, seen: `${what} ${humanUs(us)} > ${humanUs(limitUs)}` }
  })

/** A second in which so many of its requests, or so large a share of them, are meant. */
export const matchedSecond = (
  what: string,
  tag: string | undefined,
  level: StopLevel,
  count: (ended: Ended) => Matched,
): SecondJudge => ({
  second(second) {
    const counted = count(endedInSecond(second, tag))
    const { matched, total } = counted
    if (total === 0) return undefined
    return {
      isBad: reachesLevel(counted, level),
      seen:
        level.unit === 'count'
          ? `${what} ${matched} ≥ ${level.count}`
          : `${what} ${humanShare(matched, total)} ≥ ${humanShare(level.share, 1)}`,
    }
  },
  begins(slice) {
    const counted = count(endedOf(slice, tag))
    // A level that is a count is one of a whole second.
    return level.unit === 'count'
      ? counted.matched > 0 || level.count === 0
      : reachesLevel(counted, level)
  },
})

/** A second with more users than the level, in the open loop with more requests in flight, on average. */
export const crowdedSecond = (level: StopLevel, planned: number): SecondJudge =>
  alike((second) => {
    const limit = level.unit === 'count' ? level.count : level.share * planned
    const sum = second.reduce((of, { users, inFlight }) => of + (users ?? inFlight), 0)
    const mean = Number((sum / second.length).toFixed(3))
    return { isBad: mean > limit, seen: `instances ${mean} > ${limit}` }
  })

/** A second in which a metric of this machine is above (or below) a value. */
export const metricSecond = (
  metric: StopMetric,
  side: 'above' | 'below',
  value: number,
): SecondJudge =>
  alike((second, host) => {
    const now = metricOf(metric, second, host)
    if (now === undefined) return undefined
    const shown = Number(now.toFixed(3))
    return {
      isBad: side === 'above' ? now > value : now < value,
      seen: `${metric} ${shown} ${side === 'above' ? '>' : '<'} ${value}`,
    }
  })
