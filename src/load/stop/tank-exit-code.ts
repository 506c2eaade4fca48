import type { StopCriterion } from '../../scenario/scenario.ts'

/** Yandex.Tank's exit code when a criterion of this kind has stopped a test (load-generators 3.2). */
export const TANK_EXIT_CODES: Readonly<Record<StopCriterion['kind'], number>> = {
  time: 21,
  quantile: 21,
  limit: 21,
  http: 22,
  net: 23,
  instances: 24,
  total_time: 25,
  total_http: 26,
  total_net: 27,
  negative_http: 28,
  negative_net: 29,
  http_trend: 30,
  metric_higher: 31,
  metric_lower: 32,
}
