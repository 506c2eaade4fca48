import { humanUs } from '../../base/units.ts'
import type { LoadSpec, StopCriterion, StopLevel } from '../../scenario/scenario.ts'
import { isStopMetric } from '../../scenario/stop-metrics.ts'
import type { EndedCounts } from '../load-frame.ts'
import { countHttp, countNet, endedOf, type Matched, others } from './count-codes.ts'
import { usersPlan } from '../users-plan.ts'
import type { Evaluator } from './evaluator.ts'
import { EverySecond } from './every-second.ts'
import { FallingTrend } from './falling-trend.ts'
import { crowdedSecond, matchedSecond, metricSecond, slowSecond } from './judge-second.ts'
import { meanUs, quantileUs, responseTimes, slowerThan } from './response-times.ts'
import { SlidingWindow } from './sliding-window.ts'
import { TimeLimit } from './time-limit.ts'

/** What judges a criterion (load-generators 3.2). */
export function evaluatorOf(criterion: StopCriterion, load: LoadSpec): Evaluator {
  if (criterion.kind === 'limit') return new TimeLimit(criterion.durationUs)
  const { tag, windowUs } = criterion
  const of = tag === undefined ? '' : ` of ${tag}`
  switch (criterion.kind) {
    case 'time':
      return new EverySecond(
        windowUs,
        slowSecond(`mean response time${of}`, tag, criterion.limitUs, (ended) =>
          meanUs(responseTimes(ended, load.timeoutUs)),
        ),
      )
    case 'quantile': {
      const { quantile, limitUs } = criterion
      const name = `p${Number((quantile * 100).toFixed(6))}${of}`
      return new EverySecond(
        windowUs,
        slowSecond(name, tag, limitUs, (ended) =>
          quantileUs(responseTimes(ended, load.timeoutUs), quantile),
        ),
      )
    }
    case 'total_time': {
      const { limitUs, level } = criterion
      return new SlidingWindow(`slower than ${humanUs(limitUs)}${of}`, level, windowUs, (slice) =>
        slowerThan(responseTimes(endedOf(slice, tag), load.timeoutUs), limitUs),
      )
    }
    case 'instances':
      return new EverySecond(windowUs, crowdedSecond(criterion.level, plannedInstances(load)))
    case 'metric_higher':
    case 'metric_lower': {
      const { metric, value, kind } = criterion
      // The reader of criteria lets no other name through.
      if (!isStopMetric(metric)) throw new Error(`unknown metric ${metric}`)
      const side = kind === 'metric_higher' ? 'above' : 'below'
      return new EverySecond(windowUs, metricSecond(metric, side, value))
    }
    case 'http_trend': {
      const count = countHttp(criterion.mask)
      return new FallingTrend(
        `http ${criterion.mask}${of}`,
        windowUs,
        (slice) => count(endedOf(slice, tag)).matched,
      )
    }
    default:
      return ofCodes(criterion, of)
  }
}

function ofCodes(
  {
    kind,
    mask,
    level,
    windowUs,
    tag,
  }: Extract<StopCriterion, { readonly mask: string; readonly level: StopLevel }>,
  of: string,
): Evaluator {
  const isHttp = kind.endsWith('http')
  const isNegative = kind.startsWith('negative')
  const counted = isHttp ? countHttp(mask) : countNet(mask, !isNegative)
  const count = (ended: readonly EndedCounts[]): Matched =>
    isNegative ? others(counted(ended)) : counted(ended)
  const what = `${isHttp ? 'http' : 'net'}${isNegative ? ' not' : ''} ${mask}${of}`
  return kind === 'http' || kind === 'net'
    ? new EverySecond(windowUs, matchedSecond(what, tag, level, count))
    : new SlidingWindow(what, level, windowUs, (slice) => count(endedOf(slice, tag)))
}

/** What 100 % of `instances` is: the most users there will be, in the open loop the most connections. */
const plannedInstances = (load: LoadSpec): number =>
  load.users === undefined ? load.maxConnections : usersPlan(load.users).maxUsers
