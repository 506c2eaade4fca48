import { parseDurationUs } from '../base/units.ts'
import type { Expectation, Metric } from './scenario.ts'

const LINE =
  /^\s*((?:[A-Za-z]+\.)?p\d+(?:\.\d+)?|[A-Za-z]+)\s*(?:\{([^{}]*)\})?\s*(<=|>=|==|<|>)\s*(\S+)(?:\s+(during|after)\s+([\w-]+)|\s+per disruption)?\s*$/

const FILTER_KEYS = ['class', 'tag', 'connection'] as const

/**
 * Reads one expectation: `failed == 0`, `failed < 0.1%`, `failed{class=reset*} == 0 after scale`,
 * `responseTime.p99 < 300ms during steady` (in short `p99<300ms`), `serviceTime.p99 < 300ms`, `rate >= 95/s`,
 * `recovery < 5s`. Gives a sentence when it cannot.
 */
export function readExpectation(text: string): Expectation | string {
  const match = LINE.exec(text)
  if (!match) {
    return 'expected: metric, operator, limit, such as failed == 0 or responseTime.p99 < 300ms during steady'
  }
  const [, metricText = '', filterText = '', operator = '', limitText = '', when, scopeName] = match
  const metric = readMetric(metricText)
  if (!metric)
    return `"${metricText}" is not a metric; there are failed, responseTime.p50 (any p, in short p50), serviceTime.p50, rate and recovery`
  const filter = readFilter(metric, filterText)
  if (typeof filter === 'string') return filter
  const limit = readLimit(metric, limitText)
  if (typeof limit === 'string') return limit
  return {
    text: text.trim(),
    metric,
    filter,
    operator: operator as Expectation['operator'],
    ...limit,
    ...(when !== undefined && scopeName !== undefined
      ? { scope: { when: when as 'during' | 'after', name: scopeName } }
      : {}),
  }
}

function readMetric(text: string): Metric | undefined {
  if (text === 'failed' || text === 'recovery' || text === 'rate') return { name: text }
  const [, name = 'responseTime', quantile] =
    /^(?:(responseTime|serviceTime)\.)?p(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (quantile === undefined || Number(quantile) > 100) return undefined
  return { name: name as 'responseTime' | 'serviceTime', quantile: Number(quantile) / 100 }
}

function readFilter(metric: Metric, text: string): Expectation['filter'] | string {
  const filter: Record<string, string> = {}
  for (const pair of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [key = '', value = ''] = pair.split('=').map((word) => word.trim())
    if (!(FILTER_KEYS as readonly string[]).includes(key) || value === '') {
      return `"${pair.trim()}" is not a filter; there are class=…, tag=… and connection=new|reused`
    }
    filter[key] = value
  }
  if (metric.name === 'failed' || metric.name === 'recovery') return filter
  if ('class' in filter) return `class=… is for failed and recovery; ${metric.name} is of answers`
  return 'tag' in filter && 'connection' in filter
    ? `${metric.name} is kept by tag and by connection, not by both at once`
    : filter
}

function readLimit(metric: Metric, text: string): Pick<Expectation, 'limit' | 'unit'> | string {
  if (metric.name === 'rate') {
    const rate = /^(\d+(?:\.\d+)?)\/s$/.exec(text)?.[1]
    return rate === undefined
      ? `"${text}" is not a rate such as 95/s`
      : { limit: Number(rate), unit: 'per-second' }
  }
  if (metric.name !== 'failed') {
    const us = parseDurationUs(text)
    return us === undefined ? `"${text}" is not a duration with a unit` : { limit: us, unit: 'us' }
  }
  const number = /^(\d+(?:\.\d+)?)(%?)$/.exec(text)
  if (!number) return `"${text}" is neither a count (0) nor a share (0.1%)`
  return number[2] === '%'
    ? { limit: Number(number[1]) / 100, unit: 'share' }
    : { limit: Number(number[1]), unit: 'count' }
}
