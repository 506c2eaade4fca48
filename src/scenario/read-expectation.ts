import { parseDurationUs } from '../base/units.ts'
import type { Expectation, Metric } from './scenario.ts'

const LINE =
  /^\s*([A-Za-z]+(?:\.p\d+(?:\.\d+)?)?)\s*(?:\{([^{}]*)\})?\s*(<=|>=|==|<|>)\s*(\S+)(?:\s+(during|after)\s+([\w-]+)|\s+per disruption)?\s*$/

const FILTER_KEYS = ['class', 'tag', 'connection'] as const

/**
 * Reads one expectation: `failed == 0`, `failed < 0.1%`, `failed{class=reset*} == 0 after scale`,
 * `responseTime.p99 < 300ms during steady`, `recovery < 5s`. Gives a sentence when it cannot.
 */
export function readExpectation(text: string): Expectation | string {
  const match = LINE.exec(text)
  if (!match) {
    return 'expected: metric, operator, limit, such as failed == 0 or responseTime.p99 < 300ms during steady'
  }
  const [, metricText = '', filterText = '', operator = '', limitText = '', when, scopeName] = match
  const metric = readMetric(metricText)
  if (!metric)
    return `"${metricText}" is not a metric; there are failed, responseTime.p50 (any p) and recovery`
  const filter = readFilter(filterText)
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
  if (text === 'failed' || text === 'recovery') return { name: text }
  const quantile = /^responseTime\.p(\d+(?:\.\d+)?)$/.exec(text)?.[1]
  if (quantile === undefined || Number(quantile) > 100) return undefined
  return { name: 'responseTime', quantile: Number(quantile) / 100 }
}

function readFilter(text: string): Expectation['filter'] | string {
  const filter: Record<string, string> = {}
  for (const pair of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [key = '', value = ''] = pair.split('=').map((word) => word.trim())
    if (!(FILTER_KEYS as readonly string[]).includes(key) || value === '') {
      return `"${pair.trim()}" is not a filter; there are class=…, tag=… and connection=new|reused`
    }
    filter[key] = value
  }
  return filter
}

function readLimit(metric: Metric, text: string): Pick<Expectation, 'limit' | 'unit'> | string {
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
